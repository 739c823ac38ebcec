using System.Text.Json;

namespace Mimir.Configuration.Readers;

/// <summary>Says in words what is wrong with JSON at a place, without repeating what stands there: it may be part of a secret.</summary>
internal static class JsonSyntax
{
    /// <summary>Explains a fault.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="read">The offset behind the last token before the fault.</param>
    /// <param name="at">The offset at which the reader gave up; the length of the file when it ends too soon.</param>
    /// <param name="last">The last token before the fault.</param>
    /// <param name="open">The bracket that is open there: <c>{</c>, <c>[</c>, or a space for none.</param>
    /// <param name="openLine">The line of that bracket.</param>
    public static (string Message, string Remedy) Explain(ReadOnlySpan<byte> utf8, int read, int at, JsonTokenType last, char open, int openLine)
    {
        if (at >= utf8.Length)
        {
            return AtEnd(InString(utf8, at), last, open, openLine);
        }

        var c = (char)utf8[at];
        if (InString(utf8, at))
        {
            return at > 0 && utf8[at - 1] == '\\'
                ? ("this escape is not known", "In a string, write \\\\ for one backslash")
                : ("a string is not closed before the line ends", "Close it with \"; write a line break inside a string as \\n, a tab as \\t");
        }

        if (open == ' ' && last != JsonTokenType.None && c != '/')
        {
            return ("something stands after the end of the configuration", "Remove it: the file is one object in { and }");
        }

        // The reader takes a key and its colon in one step: a quote that no token accounts for is that of a key.
        var afterKey = open == '{' && last != JsonTokenType.PropertyName && read < at && utf8[read..at].Contains((byte)'"');
        var afterValue = last is not (JsonTokenType.None or JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);
        return c switch
        {
            '\'' => ("strings and keys stand in double quotes", "Write \" instead of '"),
            '/' when utf8[at..].StartsWith("/*"u8) => ("a comment is not closed", "Close it with */"),
            '/' or '*' or '#' => ("this is no comment", "Begin a comment with //, or write it between /* and */"),
            ',' => ("a comma stands where a value or key belongs", "Remove the comma"),
            '=' => ("a colon belongs between key and value", "Write : instead of ="),
            '}' or ']' => Mismatch(c, last, open, openLine),
            ':' => ("a colon stands where none belongs", "Put the key before it in double quotes"),
            _ when afterKey => ("a colon is missing between key and value", "Write \"key\": value"),
            _ when afterValue && IsValueStart(c) => ("a comma is missing before this", "Put a comma between it and what precedes it"),
            _ when open == '{' && last != JsonTokenType.PropertyName => ("a key in double quotes belongs here", "Write \"key\": value"),
            _ => ("this is not JSON", "Strings stand in double quotes; otherwise a value is a number, true, false, null, [...] or {...}"),
        };
    }

    private static (string Message, string Remedy) AtEnd(bool inString, JsonTokenType last, char open, int openLine) => open switch
    {
        _ when inString => ("the file ends inside a string", "Close the string with \", and every bracket that is open"),
        '{' => ($"the file ends, and the {{ of line {openLine} is not closed", "Close it with }"),
        '[' => ($"the file ends, and the [ of line {openLine} is not closed", "Close it with ]"),
        _ when last == JsonTokenType.None => ("the file is empty", "Write {} for a configuration without servers"),
        _ => ("the file ends too soon", "Complete it"),
    };

    private static (string Message, string Remedy) Mismatch(char c, JsonTokenType last, char open, int openLine)
    {
        var other = c == '}' ? '[' : '{';
        return open == other
            ? ($"{c} stands where the {open} of line {openLine} is open", $"Close that one first, with {(open == '{' ? '}' : ']')}")
            : last == JsonTokenType.PropertyName
                ? ("the value of the key before this is missing", "Write \"key\": value, or remove the key")
                : ($"{c} closes nothing", "Remove it, or add what it should close");
    }

    private static bool IsValueStart(char c) => c is '"' or '{' or '[' or '-' || char.IsAsciiLetterOrDigit(c);

    /// <summary>Whether an odd number of quotes precedes the offset on its line: good enough for a hint.</summary>
    private static bool InString(ReadOnlySpan<byte> utf8, int at)
    {
        var quotes = 0;
        for (var i = at - 1; i >= 0 && utf8[i] is not ((byte)'\n' or (byte)'\r'); i--)
        {
            quotes += utf8[i] == '"' && (i == 0 || utf8[i - 1] != '\\') ? 1 : 0;
        }

        return quotes % 2 == 1;
    }
}
