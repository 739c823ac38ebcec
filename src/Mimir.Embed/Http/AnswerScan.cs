using System.Text.Json;

namespace Mimir.Embed.Http;

/// <summary>Tells an answer from what comes before it.</summary>
/// <param name="IsAnswer">Whether the message answers a request, rather than telling or asking something.</param>
/// <param name="ErrorCode">The code of its error; null for a result.</param>
internal readonly record struct AnswerScan(bool IsAnswer, int? ErrorCode)
{
    /// <summary>Looks at a message.</summary>
    /// <param name="json">A JSON-RPC message.</param>
    public static AnswerScan Of(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return default;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        int? code = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("method"u8)) return default;
            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isError && reader.TokenType == JsonTokenType.StartObject) code = CodeOf(ref reader);
            else reader.Skip();
        }

        return new AnswerScan(true, code);
    }

    private static int CodeOf(ref Utf8JsonReader reader)
    {
        var code = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = reader.ValueTextEquals("code"u8);
            reader.Read();
            if (!isCode || !reader.TryGetInt32(out code)) reader.Skip();
        }

        return code;
    }
}
