using System.Text.Json;
using System.Text.Unicode;

namespace Mimir.Protocol.Envelopes;

/// <summary>
/// Finds the parts of a JSON-RPC message that decide where it goes, in one pass over UTF-8, validating as it goes.
/// Builds no tree and allocates nothing.
/// </summary>
/// <remarks>
/// The id may come last, and often does. Keys are compared exactly, after decoding escapes; a deciding key that stands twice
/// (also as an escaped twin) is refused, since another parser might take the other one. Static and safe for any thread.
/// </remarks>
public static class EnvelopeScanner
{
    /// <summary>Longest id in bytes, quotes included.</summary>
    public const int MaxIdBytes = 256;

    /// <summary>Deepest nesting that can be allowed.</summary>
    public const int MostDepth = FrameReader.MostDepth;

    /// <summary>Scans one message.</summary>
    /// <param name="frame">The whole message: one JSON object, blanks around it allowed.</param>
    /// <param name="maxDepth">Deepest nesting allowed.</param>
    /// <param name="envelope">What was found. On failure the id is there if it was read before the fault.</param>
    /// <returns><see cref="ScanStatus.Ok"/>, or what is wrong.</returns>
    public static ScanStatus Scan(ReadOnlySpan<byte> frame, int maxDepth, out Envelope envelope)
    {
        envelope = default;
        if (!Utf8.IsValid(frame))
        {
            return ScanStatus.NotJson;
        }

        var reader = new FrameReader(frame, maxDepth);
        var members = default(MemberScanner);
        try
        {
            var status = members.ReadMessage(ref reader, ref envelope);
            if (status != ScanStatus.Ok)
            {
                envelope.Kind = FrameKind.Invalid;
            }

            return status;
        }
        catch (JsonException)
        {
            envelope.Kind = FrameKind.Invalid;
            return reader.IsTooDeep ? ScanStatus.TooDeep : ScanStatus.NotJson;
        }
        catch (InvalidOperationException)
        {
            // The reader's answer to a lone surrogate in a string it was asked to compare.
            envelope.Kind = FrameKind.Invalid;
            return ScanStatus.NotJson;
        }
    }
}
