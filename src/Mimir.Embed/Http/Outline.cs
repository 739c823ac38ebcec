using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Http;

/// <summary>What something that cannot be read as a message tells all the same.</summary>
/// <param name="IsAnswer">Whether it answers a request: its id is one of ours then, and means another request to the client.</param>
/// <param name="Id">Its id; null when it has none, or none that is a text or a whole number.</param>
internal readonly record struct Outline(bool IsAnswer, RequestId? Id)
{
    // Only what lies at the top is looked at, however deep the rest is.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Of the whole.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static Outline Of(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message, isFinalBlock: true, new JsonReaderState(AnyDepth));
        var found = default(Outline);
        var isRequest = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            (found, isRequest) = Add(found, isRequest, ref reader, out var isId);
            reader.Read();
            if (isId) found = found with { Id = IdOf(ref reader) };
            reader.Skip();
        }

        while (reader.Read())
        {
            // To the end: it may turn out to be no JSON yet.
        }

        return found with { IsAnswer = found.IsAnswer && !isRequest };
    }

    /// <summary>Of the first bytes of it; null when they do not show whether it is a request or an answer.</summary>
    public static Outline? OfBeginning(ReadOnlySpan<byte> beginning)
    {
        var reader = new Utf8JsonReader(beginning, isFinalBlock: false, new JsonReaderState(AnyDepth));
        var found = default(Outline);
        var isRequest = false;
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                (found, isRequest) = Add(found, isRequest, ref reader, out var isId);
                if (!reader.Read()) break;
                if (isId) found = found with { Id = IdOf(ref reader) };
                if (!reader.TrySkip()) break;
            }
        }
        catch (JsonException)
        {
            // What it said before may still be meant.
        }

        return isRequest || found.IsAnswer ? found with { IsAnswer = !isRequest } : null;
    }

    /// <summary>The id in the last bytes of it; null when it is not there. What closes one brace, and that the last, belongs to the message itself.</summary>
    public static RequestId? IdAtEnd(ReadOnlySpan<byte> end)
    {
        var name = "\"id\""u8;
        for (var at = end.LastIndexOf(name); at >= 0; at = end[..at].LastIndexOf(name))
        {
            // A name that ends so is another's.
            if (at > 0 && end[at - 1] == (byte)'\\') continue;
            byte[] tail = [(byte)'{', .. end[at..]];
            try
            {
                return Of(tail).Id;
            }
            catch (JsonException)
            {
                // It belongs to something within the message.
            }
        }

        return null;
    }

    private static (Outline Found, bool IsRequest) Add(Outline found, bool isRequest, ref Utf8JsonReader reader, out bool isId)
    {
        isId = Is(ref reader, "id"u8);
        var isAnswer = found.IsAnswer || Is(ref reader, "result"u8) || Is(ref reader, "error"u8);
        return (found with { IsAnswer = isAnswer }, isRequest || Is(ref reader, "method"u8) || Is(ref reader, "params"u8));
    }

    // Names and texts may have escapes that mean nothing.
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static RequestId? IdOf(ref Utf8JsonReader reader)
    {
        try
        {
            if (reader.TokenType == JsonTokenType.String) return new RequestId(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return null;
        }

        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? new RequestId(number) : null;
    }
}
