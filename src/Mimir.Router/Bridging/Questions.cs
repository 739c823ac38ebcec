using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;

namespace Mimir.Router.Bridging;

/// <summary>Questions as they cross between eras.</summary>
internal static class Questions
{
    private const int MostUrls = 16;

    /// <summary>A legacy server's question as a modern client is asked it: <c>{method, params}</c>.</summary>
    /// <returns>Null when it is none that a modern client can be asked.</returns>
    public static byte[]? EntryOf(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var output = new ArrayBufferWriter<byte>(frame.Length);
        return InputWriter.WriteEntry(frame, envelope, output, out _) ? output.WrittenSpan.ToArray() : null;
    }

    /// <summary>A modern server's question as a legacy client is asked it: a whole request.</summary>
    /// <param name="frame">The answer that asks.</param>
    /// <param name="request">One of the things it asks.</param>
    /// <param name="number">The id of the request.</param>
    /// <param name="to">The client's revision.</param>
    public static byte[] RequestOf(ReadOnlySpan<byte> frame, in InputRequest request, long number, Revision to)
    {
        var output = new ArrayBufferWriter<byte>(256);
        var id = Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var elicitation = Encoding.ASCII.GetBytes(Bridge.NewHandle().ToString("x32", System.Globalization.CultureInfo.InvariantCulture));
        InputWriter.WriteRequest(frame, request, id, elicitation, to, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What a legacy server wants its user to visit, taken from its error, as a modern client is asked it.</summary>
    /// <param name="frame">The error, code -32042 (2025-11-25).</param>
    public static List<byte[]> OfUrls(ReadOnlySpan<byte> frame)
    {
        var entries = new List<byte[]>();
        try
        {
            using var document = JsonDocument.Parse(frame.ToArray(), new JsonDocumentOptions { MaxDepth = 256 });
            if (!document.RootElement.GetProperty("error"u8).TryGetProperty("data"u8, out var data) || data.ValueKind != JsonValueKind.Object
                || !data.TryGetProperty("elicitations"u8, out var wanted) || wanted.ValueKind != JsonValueKind.Array)
            {
                return entries;
            }

            foreach (var elicitation in wanted.EnumerateArray().Take(MostUrls))
            {
                byte[] request = [.. "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"elicitation/create\",\"params\":"u8, .. Encoding.UTF8.GetBytes(elicitation.GetRawText()), (byte)'}'];
                if (EnvelopeScanner.Scan(request, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok
                    && InputRequests.NeedOf(request, envelope) == ClientCapability.ElicitationUrl && EntryOf(request, envelope) is { } entry)
                {
                    entries.Add(entry);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Nothing that could be visited.
        }

        return entries;
    }
}
