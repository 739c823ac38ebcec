using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;

namespace Mimir.Protocol.Translation;

/// <summary>
/// One spelling for all spellings of the same params, to be digested: a retry is the same request when this is the same. Pure, and
/// safe for any thread.
/// </summary>
/// <remarks>
/// Members are sorted by their decoded names, blanks are gone, escapes are decoded, numbers stay as they are spelled. Each scalar has
/// its length before it, so that no two different values share a form. The form is not JSON, and is meant for nothing but comparing.
/// </remarks>
public static class CanonicalParams
{
    /// <summary>Deepest nesting that is looked into; params that are deeper, or no JSON, count as they are spelled.</summary>
    public const int MostDepth = FrameReader.MostDepth;

    /// <summary>Writes the form of params without what differs between rounds: <c>_meta</c>, <c>inputResponses</c>, <c>requestState</c>.</summary>
    /// <param name="paramsJson">The JSON of params; nothing is the same as <c>{}</c>.</param>
    /// <param name="output">Takes the form: at most five bytes more for each value and name than the JSON has.</param>
    public static void Write(ReadOnlySpan<byte> paramsJson, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(paramsJson.IsEmpty ? "{}"u8 : paramsJson, new JsonReaderOptions { MaxDepth = MostDepth });
        JsonDocument document;
        try
        {
            // The one place that builds a tree: it knows where values end without walking through them again at each level.
            document = JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            WriteScalar('d', paramsJson, output);
            return;
        }

        using (document)
        {
            WriteValue(document.RootElement, output, isParams: true);
        }
    }

    private static void WriteValue(JsonElement value, IBufferWriter<byte> output, bool isParams = false)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output, isParams);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                foreach (var element in value.EnumerateArray())
                {
                    WriteValue(element, output);
                }

                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteText(JsonMarshal.GetRawUtf8Value(value)[1..^1], output);
                break;
            default:
                WriteScalar('v', JsonMarshal.GetRawUtf8Value(value), output);
                break;
        }
    }

    private static void WriteObject(JsonElement value, IBufferWriter<byte> output, bool isParams)
    {
        var sorted = new List<(byte[] Name, int Place, JsonElement Value)>();
        foreach (var member in value.EnumerateObject())
        {
            var spelled = JsonMarshal.GetRawUtf8PropertyName(member);
            if (!isParams || !(JsonBytes.TextIs(spelled, "_meta"u8) || JsonBytes.TextIs(spelled, "inputResponses"u8) || JsonBytes.TextIs(spelled, "requestState"u8)))
            {
                var name = new ArrayBufferWriter<byte>(spelled.Length + 5);
                WriteText(spelled, name);
                sorted.Add((name.WrittenSpan.ToArray(), sorted.Count, member.Value));
            }
        }

        // Names that stand twice keep their order: which of them counts is for the server to say.
        sorted.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name) is var order and not 0 ? order : a.Place.CompareTo(b.Place));
        output.Write("{"u8);
        foreach (var member in sorted)
        {
            output.Write(member.Name);
            WriteValue(member.Value, output);
        }

        output.Write("}"u8);
    }

    private static void WriteText(ReadOnlySpan<byte> inside, IBufferWriter<byte> output)
    {
        if (!inside.Contains((byte)'\\'))
        {
            WriteScalar('s', inside, output);
            return;
        }

        var decoded = ArrayPool<byte>.Shared.Rent(inside.Length);
        if (JsonScalar.TryUnescapeContent(inside, decoded, out var length))
        {
            WriteScalar('s', decoded.AsSpan(0, length), output);
        }
        else
        {
            // Half a surrogate pair is no text; it is the same only when it is spelled the same.
            WriteScalar('r', inside, output);
        }

        ArrayPool<byte>.Shared.Return(decoded);
    }

    private static void WriteScalar(char kind, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        var head = output.GetSpan(5);
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes.Length);
        output.Advance(5);
        output.Write(bytes);
    }
}
