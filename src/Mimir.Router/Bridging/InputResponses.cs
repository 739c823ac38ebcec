using System.Text.Json;

namespace Mimir.Router.Bridging;

/// <summary>Reads what a modern client answers to the questions it was asked.</summary>
internal static class InputResponses
{
    /// <summary>Finds the answers to some questions. What is no object counts as not answered, other keys are left alone.</summary>
    /// <param name="json">The value of <c>params.inputResponses</c>, valid JSON; empty for none.</param>
    /// <param name="keys">The keys of the questions.</param>
    public static Dictionary<string, byte[]> Read(ReadOnlySpan<byte> json, IReadOnlyCollection<string> keys)
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            return found;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = KeyOf(ref reader, keys);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (key is not null && isObject)
            {
                found[key] = json[start..(int)reader.BytesConsumed].ToArray();
            }
        }

        return found;
    }

    /// <summary>True for an answer whose <c>action</c> is <c>accept</c>.</summary>
    public static bool IsAccepted(ReadOnlySpan<byte> answer)
    {
        var reader = new Utf8JsonReader(answer, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isAction = reader.ValueTextEquals("action"u8);
            reader.Read();
            if (isAction)
            {
                return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("accept"u8);
            }

            reader.Skip();
        }

        return false;
    }

    private static string? KeyOf(ref Utf8JsonReader reader, IReadOnlyCollection<string> keys)
    {
        foreach (var key in keys)
        {
            if (reader.ValueTextEquals(key))
            {
                return key;
            }
        }

        return null;
    }
}
