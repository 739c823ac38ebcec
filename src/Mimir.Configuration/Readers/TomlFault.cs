namespace Mimir.Configuration.Readers;

/// <summary>What is wrong with TOML at a place. Never repeats what stands there: it may be part of a secret.</summary>
/// <param name="At">The offset; the length of the file when it ends too soon.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record TomlFault(int At, string Message, string Remedy)
{
    /// <summary>The file ends where a bracket is open.</summary>
    public static TomlFault Unclosed(int at, char open, int openLine) =>
        new(at, $"the file ends, and the {open} of line {openLine} is not closed", $"Close it with {(open == '{' ? '}' : ']')}");

    /// <summary>A carriage return without a line feed.</summary>
    public static TomlFault BareReturn(int at) =>
        new(at, "a carriage return stands alone", "End lines with a line feed, or with both; in double quotes write \\r");

    /// <summary>A control character outside strings.</summary>
    public static TomlFault Control(int at) => new(at, "a control character stands here", "Remove it: outside of escapes, only tabs are allowed");

    /// <summary>A control character in a string.</summary>
    public static TomlFault ControlInString(int at) =>
        new(at, "a control character stands in a string", "Remove it, or write it in double quotes as an escape like \\u0007");

    /// <summary>A string on one line that the line's end cuts.</summary>
    public static TomlFault OpenString(int at, char quote) => new(
        at, "this string is not closed before the line ends", $"Close it with {quote}; a string of several lines stands between {quote}{quote}{quote} and {quote}{quote}{quote}");

    /// <summary>A string of several lines that the file's end cuts.</summary>
    public static TomlFault OpenLongString(int at, char quote) =>
        new(at, "the file ends, and this string is not closed", $"Close it with {quote}{quote}{quote}");

    /// <summary>More quotes at the end of a string than can be told apart.</summary>
    public static TomlFault Quotes(int at) =>
        new(at, "too many quotes end this string", "Close it with three quotes; at most two more may stand before them");

    /// <summary>A backslash before something that is no escape.</summary>
    public static TomlFault Escape(int at) =>
        new(at, "this escape is not known", "In double quotes, write \\\\ for one backslash; or put the text in single quotes, where backslashes are plain");

    /// <summary>An escape of half of a pair, or beyond the last character there is.</summary>
    public static TomlFault NoCharacter(int at) =>
        new(at, "this escape stands for no character", "Write the character itself, or its code point as \\u and 4 or \\U and 8 digits");

    /// <summary>A string of several lines where a key belongs.</summary>
    public static TomlFault LongKey(int at) => new(at, "a string of several lines is no key", "Write the key in one pair of quotes");

    /// <summary>Something else where a key belongs.</summary>
    public static TomlFault NoKey(int at, byte found) => (char)found switch
    {
        '.' => new(at, "a part of the key is missing before this dot", "Remove the dot, or write the empty part as \"\""),
        '=' => new(at, "the key before this = is missing", "Write key = value"),
        '{' or '}' or ',' or ':' => new(at, "a key belongs here", "Write key = value, or [table]: this is TOML, not JSON"),
        ']' => new(at, "the name of the table is missing", "Write [name]"),
        _ => new(at, "a key belongs here", "Write letters, digits, _ and -, or anything else in quotes"),
    };

    /// <summary>A key without =.</summary>
    public static TomlFault NoEquals(int at, byte found) => found == ':'
        ? new(at, "an = belongs between key and value", "Write = instead of :")
        : new(at, "an = is missing after the key", "Write key = value on one line; a key with other characters than letters, digits, _ and - in quotes");

    /// <summary>A table's header that does not end.</summary>
    public static TomlFault NoHeaderEnd(int at, bool isArray) => isArray
        ? new(at, "the [[ of this line is not closed", "Close it with ]]")
        : new(at, "the [ of this line is not closed", "Close it with ]");

    /// <summary>Nothing, or something else, where a value belongs.</summary>
    public static TomlFault NoValue(int at, byte found) => (char)found switch
    {
        '\0' or '\n' or '\r' or '#' => new(at, "the value is missing", "Write key = value on one line, or remove the key"),
        ',' => new(at, "a comma stands where a value belongs", "Remove the comma"),
        _ => new(at, "a value belongs here", "Write a string in quotes, a number, true, false, a date, [...] or {...}"),
    };

    /// <summary>Text without quotes.</summary>
    public static TomlFault Word(int at) => new(at, "this is neither a number, true, false nor a date", "Put text in double quotes");

    /// <summary>A word that other languages know.</summary>
    public static TomlFault Flag(int at) => new(at, "true and false are written in small letters", "Write true or false, or put it in quotes");

    /// <summary>A number that TOML does not know.</summary>
    public static TomlFault Number(int at) => new(
        at, "this is not a number as TOML writes it", "Write digits without leading zero, a digit before and after a point or _; or put it in quotes");

    /// <summary>An integer beyond 64 bits.</summary>
    public static TomlFault Range(int at) => new(at, "this number does not fit 64 bits", "Write a smaller one, or put it in quotes");

    /// <summary>Something like a date or time.</summary>
    public static TomlFault Date(int at) => new(
        at, "this is not a date or time", "Write 2026-01-31, 23:59:00 or 2026-01-31T23:59:00Z; or put it in quotes");

    /// <summary>Something follows a value or header on its line.</summary>
    public static TomlFault Trailing(int at) => new(at, "something stands after the end of this line's value or table", "Begin a new line, or a comment with #");

    /// <summary>Two items side by side.</summary>
    public static TomlFault NoComma(int at) => new(at, "a comma is missing before this", "Put a comma between it and what precedes it, or close the bracket");

    /// <summary>A line break or comment inside { }.</summary>
    public static TomlFault LineInTable(int at) => new(at, "a table in { } stands on one line", "Write all of it on one line, or as a [table] of its own");

    /// <summary>A comma before }.</summary>
    public static TomlFault LastComma(int at) => new(at, "a comma stands before the end of a table in { }", "Remove the comma before }");
}
