using System.Text.Json;

namespace Mimir.Interop.Raw;

/// <summary>What the raw client must know of a message, read without touching its text.</summary>
public static class RawMessage
{
    /// <summary>Whether it answers the request with this id.</summary>
    public static bool Answers(string message, int id)
    {
        using var document = JsonDocument.Parse(message);
        return !document.RootElement.TryGetProperty("method", out _)
            && document.RootElement.TryGetProperty("id", out JsonElement found)
            && found.ValueKind == JsonValueKind.Number
            && found.GetInt32() == id;
    }

    /// <summary>The text of <c>result</c>, or of the whole answer if it is an error.</summary>
    public static string Result(string message)
    {
        using var document = JsonDocument.Parse(message);
        return document.RootElement.TryGetProperty("result", out JsonElement result)
            ? result.GetRawText()
            : $"error {document.RootElement.GetProperty("error").GetRawText()}";
    }
}
