using System.Globalization;
using System.Text.Json;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Mimir.Cli.Calls;

/// <summary>Answers in words, with the lengths and formats a question may set.</summary>
internal static class TextAnswer
{
    /// <summary>What may be typed.</summary>
    public static string Hint(StringSchema schema)
    {
        var kind = schema.Format switch
        {
            "email" => "e-mail address",
            "uri" => "URI",
            "date" => "date, YYYY-MM-DD",
            "date-time" => "date and time, YYYY-MM-DDThh:mm:ssZ",
            _ => "text",
        };
        return (schema.MinLength, schema.MaxLength) switch
        {
            (null or 0 or 1, null) => kind,
            (null or 0 or 1, { } most) => $"{kind}, at most {most} characters",
            ({ } least, null) => $"{kind}, at least {least} characters",
            ({ } least, { } most) => $"{kind}, {least} to {most} characters",
        };
    }

    /// <summary>Checks what was typed.</summary>
    public static (JsonElement? Value, string? Error) Parse(StringSchema schema, string text)
    {
        // Formats have no blanks around them; free text keeps what was typed.
        var answer = schema.Format is null ? text : text.Trim();
        var length = answer.EnumerateRunes().Count();
        if (length < (schema.MinLength ?? 0))
        {
            return (null, $"that is {length} characters, and at least {schema.MinLength} are needed");
        }

        if (length > (schema.MaxLength ?? int.MaxValue))
        {
            return (null, $"that is {length} characters, and at most {schema.MaxLength} are allowed");
        }

        var error = schema.Format switch
        {
            "email" when !IsEmail(answer) => "that is no e-mail address",
            "uri" when !IsUri(answer) => "that is no URI; it starts with a scheme, as in https://example.com",
            "date" when !DateOnly.TryParseExact(answer, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) =>
                "that is no date; write it as 2026-07-28",
            "date-time" when !IsDateTime(answer) => "that is no date with time and zone; write it as 2026-07-28T09:30:00Z",
            _ => null,
        };
        return error is null ? (JsonSerializer.SerializeToElement(answer), null) : (null, error);
    }

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && at < text.Length - 1 && !text.Any(char.IsWhiteSpace);
    }

    // On Unix an absolute path is taken for a file URI; a URI that is to be sent names its scheme.
    private static bool IsUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase);

    private static bool IsDateTime(string text) =>
        text.Length > 10 && text[10] is 'T' or 't' && (text[^1] is 'Z' or 'z' || text.AsSpan(11).ContainsAny('+', '-'))
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
