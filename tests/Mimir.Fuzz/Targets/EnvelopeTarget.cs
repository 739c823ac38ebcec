using System.Text;
using Mimir.Fuzz.Oracles;
using Mimir.Protocol.Envelopes;

namespace Mimir.Fuzz.Targets;

/// <summary>The envelope scanner and the splicer against the document tree of the runtime's parser.</summary>
public sealed class EnvelopeTarget : FuzzTarget
{
    private readonly FuzzRandom _random = new(0);

    /// <inheritdoc/>
    public override string Name => "envelope";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Tokens { get; } = Words(
        "\"jsonrpc\":\"2.0\",", "\"id\":1,", "\"id\":\"1\",", "\"id\":null,", "\"id\":-0,", "\"id\":1.0,", ",\"id\":2", "\"\\u0069d\":3,", "\"method\":\"tools/call\",",
        "\"method\":\"tools\\/call\",", "\"method\":\"ping\",", "\"params\":{", "\"params\":[],", "\"name\":\"x\",", "\"n\\u0061me\":\"y\",", "\"uri\":\"a:b\",", "\"arguments\":{},",
        "\"_meta\":{", "\"progressToken\":1,", "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",", "\"io.modelcontextprotocol/clientCapabilities\":{},",
        "\"io.modelcontextprotocol/logLevel\":\"info\",", "\"io.modelcontextprotocol/subscriptionId\":7,", "\"io.modelcontextprotocol/related-task\":{\"taskId\":\"t\"},",
        "\"result\":{},", "\"error\":{\"code\":-32601,\"message\":\"\"},", "\"code\":1,", "\"task\":{\"taskId\":\"t\"},", "\"taskId\":\"t\",", "\"resultType\":\"complete\",",
        "\"ref\":{\"name\":\"a\\u0062\",\"uri\":\"x\"},", "\"requestId\":1,", "\"cursor\":\"\",", "\"level\":\"debug\",", "\"capabilities\":{},", "\"protocolVersion\":\"2025-11-25\",",
        "\\ud800", "\\u0000", "{", "}", "[", "]", ",", ":", "null", "true", "1e9", "\"\"", " ", "\t", "}}", "{}", "\u00EF\u00BB\u00BF");

    /// <inheritdoc/>
    public override ulong Check(ReadOnlySpan<byte> input)
    {
        _random.SeedFrom(input);
        var maxDepth = _random.OneIn(8) ? 1 + _random.Below(8) : 64;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var status = EnvelopeScanner.Scan(input, maxDepth, out var envelope);
        CheckAllocation(before, input.Length);
        FuzzException.Unless(status == ScanStatus.Ok == (envelope.Kind != FrameKind.Invalid), $"status {status} and kind {envelope.Kind}");

        using var document = PlainJson.TryParse(input, maxDepth);
        if (document is null)
        {
            FuzzException.Unless(status != ScanStatus.Ok, "something that is not JSON is taken");
            FuzzException.Unless(status != ScanStatus.TooDeep || input.Count((byte)'{') + input.Count((byte)'[') >= maxDepth, "too deep, with too few brackets for that");
            return (ulong)status;
        }

        var expected = EnvelopeReference.Read(document.RootElement);
        FuzzException.Unless(status is not (ScanStatus.NotJson or ScanStatus.TooDeep) || expected.IsUnclear, $"JSON within the limits is called {status}");
        FuzzException.Unless(expected.IsOk || status != ScanStatus.Ok, "a frame is taken that must be refused");
        FuzzException.Unless(!expected.IsOk || expected.IsUnclear || status == ScanStatus.Ok, $"a good frame is refused: {status}");

        if (status == ScanStatus.Ok && expected.IsOk)
        {
            Compare(input, envelope, expected);
            CheckSplices(input, envelope);
        }

        return 16 + (ulong)status + ((ulong)envelope.Kind << 8) + ((ulong)envelope.Method << 12) + (Fields(envelope) << 20);
    }

    private static void Compare(ReadOnlySpan<byte> frame, in Envelope e, EnvelopeReference expected)
    {
        FuzzException.Unless(e.Kind == expected.Kind, $"kind {e.Kind}, expected {expected.Kind}");
        FuzzException.Unless(e.Method == expected.Method || expected.IsUnclear, $"method {e.Method}, expected {expected.Method}");
        FuzzException.Unless(e.IdIsNull == expected.IdIsNull, $"id is null: {e.IdIsNull}");
        FuzzException.Unless(e.IdIsNumber == expected.IdIsNumber, $"id is a number: {e.IdIsNumber}");
        FuzzException.Unless(e.AsksForTask == expected.AsksForTask, $"asks for a task: {e.AsksForTask}");
        FuzzException.Unless(e.ErrorCode == expected.ErrorCode, $"error code {e.ErrorCode}, expected {expected.ErrorCode}");
        var found = 0;
        foreach (var (name, range) in Ranges(e))
        {
            found += range.Exists ? 1 : 0;
            FuzzException.Unless(range.Exists == expected.Parts.ContainsKey(name), $"{name} found: {range.Exists}");
            FuzzException.Unless(!range.Exists || Encoding.UTF8.GetString(range.Of(frame)) == expected.Parts[name], $"{name} is another part of the frame");
        }

        FuzzException.Unless(found == expected.Parts.Count, "a part is missing");
        FuzzException.Unless(e.NameEscaped == HasEscape(frame, e.Name), "the name's escapes");
        FuzzException.Unless(e.UriEscaped == HasEscape(frame, e.Uri), "the uri's escapes");
        FuzzException.Unless(e.RefEscaped == (HasEscape(frame, e.RefName) || HasEscape(frame, e.RefUri)), "the escapes of the ref");
    }

    private static bool HasEscape(ReadOnlySpan<byte> frame, ByteRange range) => range.Exists && range.Of(frame).Contains((byte)'\\');

    private static (string Name, ByteRange Range)[] Ranges(in Envelope e) =>
    [
        ("Id", e.Id), ("MethodName", e.MethodName), ("Params", e.Params), ("Name", e.Name), ("Uri", e.Uri), ("RefName", e.RefName), ("RefUri", e.RefUri),
        ("Arguments", e.Arguments), ("TaskId", e.TaskId), ("Cursor", e.Cursor), ("Level", e.Level), ("RequestId", e.RequestId), ("ProgressToken", e.ProgressToken),
        ("NotifiedToken", e.NotifiedToken), ("Meta", e.Meta), ("ProtocolVersion", e.ProtocolVersion), ("MetaVersion", e.MetaVersion),
        ("MetaCapabilities", e.MetaCapabilities), ("MetaLogLevel", e.MetaLogLevel), ("SubscriptionId", e.SubscriptionId), ("RelatedTask", e.RelatedTask),
        ("Capabilities", e.Capabilities), ("Result", e.Result), ("ResultType", e.ResultType), ("Error", e.Error),
    ];

    private static ulong Fields(in Envelope e)
    {
        var bits = 0UL;
        foreach (var (_, range) in Ranges(e))
        {
            bits = (bits << 1) | (range.Exists ? 1UL : 0);
        }

        return bits;
    }

    /// <summary>Replaces id, name and token, in any order, and looks whether all else stayed as it was.</summary>
    private void CheckSplices(ReadOnlySpan<byte> frame, in Envelope e)
    {
        var splices = default(SpliceList);
        Span<ByteRange> ranges = [e.Id, e.Name, e.ProgressToken];
        _random.Shuffle(ranges);
        foreach (var range in ranges)
        {
            if (range.Exists)
            {
                splices.Replace(range, "<new>"u8);
            }
        }

        ranges.Sort(static (a, b) => a.At - b.At);
        var expected = new List<byte>(frame.Length + 16);
        var from = 0;
        foreach (var range in ranges)
        {
            if (range.Exists)
            {
                expected.AddRange(frame[from..range.At]);
                expected.AddRange("<new>"u8);
                from = range.End;
            }
        }

        expected.AddRange(frame[from..]);
        var target = new byte[splices.LengthOf(frame)];
        FuzzException.Unless(splices.CopyTo(frame, target) == target.Length, "a splice of another length than announced");
        FuzzException.Unless(target.AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(expected)), "a splice changed something else");
    }
}
