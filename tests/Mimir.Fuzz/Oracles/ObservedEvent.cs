using System.Text;
using Mimir.Protocol.Sse;

namespace Mimir.Fuzz.Oracles;

/// <summary>What one event of a stream looked like, copied out so that it can be compared.</summary>
/// <remarks>Strings hold one byte a character.</remarks>
internal readonly record struct ObservedEvent(string Type, string Data, string Id, bool HasData, bool HasId, int? RetryMs)
{
    public static ObservedEvent Of(in SseEvent e) => new(Text(e.Type), Text(e.Data), Text(e.Id), e.HasData, e.HasId, e.RetryMs);

    /// <summary>The same comparison as with <see cref="Of"/>, without making strings.</summary>
    public bool Is(in SseEvent e) =>
        HasData == e.HasData && HasId == e.HasId && RetryMs == e.RetryMs && Is(Data, e.Data.Span) && Is(Type, e.Type.Span) && Is(Id, e.Id.Span);

    private static bool Is(string text, ReadOnlySpan<byte> bytes)
    {
        if (text.Length != bytes.Length)
        {
            return false;
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            if (text[i] != bytes[i])
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);
}
