namespace Mimir.Configuration.Readers;

/// <summary>What is wrong with JSON at a place. Never repeats what stands there: it may be part of a secret.</summary>
/// <param name="At">The offset; the length of the file when it ends too soon.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record JsonFault(int At, string Message, string Remedy)
{
    private const string KeyAndValue = "Write \"key\": value";

    /// <summary>The file ends where a bracket is open.</summary>
    public static JsonFault Unclosed(int at, char open, int openLine) =>
        new(at, $"the file ends, and the {open} of line {openLine} is not closed", $"Close it with {Closing(open)}");

    /// <summary>Nothing but white space and comments.</summary>
    public static JsonFault Empty(int at) => new(at, "the file is empty", "Write {} for a configuration without servers");

    /// <summary>Something follows the outermost value.</summary>
    public static JsonFault Trailing(int at) =>
        new(at, "something stands after the end of the configuration", "Remove it: the file is one object in { and }");

    /// <summary>A string runs into the end of the file.</summary>
    public static JsonFault EndInString(int at) => new(at, "the file ends inside a string", "Close the string with \", and every bracket that is open");

    /// <summary>A control character in a string, most often the end of the line.</summary>
    public static JsonFault ControlInString(int at) => new(
        at, "a string is not closed before the line ends", "Close it with \"; write a line break inside a string as \\n, a tab as \\t");

    /// <summary>A backslash before something that is no escape.</summary>
    public static JsonFault Escape(int at) => new(at, "this escape is not known", "In a string, write \\\\ for one backslash");

    /// <summary>A number that JSON does not know.</summary>
    public static JsonFault Number(int at) => new(
        at, "this is not a number as JSON writes it", "Write digits without leading zero or sign +, a digit before and after the point; or put it in quotes");

    /// <summary>A comment that does not end.</summary>
    public static JsonFault Comment(int at) => new(at, "a comment is not closed", "Close it with */");

    /// <summary>Two values or members side by side.</summary>
    public static JsonFault NoComma(int at) => new(at, "a comma is missing before this", "Put a comma between it and what precedes it");

    /// <summary>A key without its colon.</summary>
    public static JsonFault NoColon(int at, byte found) => found == '='
        ? new(at, "a colon belongs between key and value", "Write : instead of =")
        : new(at, "a colon is missing between key and value", KeyAndValue);

    /// <summary>Something else where a key belongs.</summary>
    public static JsonFault NoKey(int at, byte found, char open, int openLine) =>
        Common(at, found, open, openLine) ?? new(at, "a key in double quotes belongs here", KeyAndValue);

    /// <summary>Something else where a value belongs.</summary>
    /// <param name="at">Where.</param>
    /// <param name="found">What.</param>
    /// <param name="open">The bracket that is open, or a space for none.</param>
    /// <param name="openLine">Its line.</param>
    public static JsonFault NoValue(int at, byte found, char open, int openLine) =>
        found == '}' && open == '{' ? new(at, "the value of the key before this is missing", "Write \"key\": value, or remove the key")
        : Common(at, found, open, openLine)
        ?? new(at, "this is not JSON", "Strings stand in double quotes; otherwise a value is a number, true, false, null, [...] or {...}");

    /// <summary>Neither a comma nor the closing bracket after a value.</summary>
    public static JsonFault NoEnd(int at, byte found, char open, int openLine) =>
        found is (byte)'"' or (byte)'{' or (byte)'[' or (byte)'-' || char.IsAsciiLetterOrDigit((char)found)
            ? NoComma(at)
            : NoValue(at, found, open, openLine);

    private static JsonFault? Common(int at, byte found, char open, int openLine) => (char)found switch
    {
        '\'' => new(at, "strings and keys stand in double quotes", "Write \" instead of '"),
        '/' or '*' or '#' => new(at, "this is no comment", "Begin a comment with //, or write it between /* and */"),
        ',' => new(at, "a comma stands where a value or key belongs", "Remove the comma"),
        ':' => new(at, "a colon stands where none belongs", "Put the key before it in double quotes"),
        '}' or ']' when open == ' ' => new(at, $"{(char)found} closes nothing", "Remove it, or add what it should close"),
        '}' or ']' => new(
            at, $"{(char)found} stands where the {open} of line {openLine} is open", $"Close that one first, with {Closing(open)}"),
        _ => null,
    };

    private static char Closing(char open) => open == '{' ? '}' : ']';
}
