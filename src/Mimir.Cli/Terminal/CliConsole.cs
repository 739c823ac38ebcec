using System.Text;

namespace Mimir.Cli.Terminal;

/// <summary>The three streams of a command: data goes to <see cref="Out"/>, talk to <see cref="Error"/>, answers come from <see cref="In"/>.</summary>
internal sealed class CliConsole
{
    /// <summary>For data: what a script would read.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For talk: progress, questions, errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>For answers to questions.</summary>
    public required ILineSource In { get; init; }

    /// <summary>The bytes behind <see cref="In"/>, for who reads all of them and no lines.</summary>
    public Stream Input { get; init; } = Stream.Null;

    /// <summary>Reads what a person types without showing it: at most so many characters, null when there are more. Ctrl-C ends it with <see cref="InterruptedException"/>.</summary>
    public Func<int, CancellationToken, string?> ReadHidden { get; init; } = HiddenLine.Read;

    /// <summary>Whether a person reads <see cref="Out"/>.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person reads <see cref="Error"/>.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether a person types at <see cref="In"/>.</summary>
    public bool InIsTerminal { get; init; }

    /// <summary>Whether terminals may be given colours: not when <c>NO_COLOR</c> is set, nor on a dumb one.</summary>
    public bool ColourAllowed { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 80;

    /// <summary>That of the running process. UTF-8 without a byte order mark, whatever the locale says.</summary>
    /// <param name="variable">Environment variables.</param>
    public static CliConsole ForProcess(Func<string, string?> variable)
    {
        var outIsTerminal = !Console.IsOutputRedirected;
        var errorIsTerminal = !Console.IsErrorRedirected;
        var input = Console.OpenStandardInput();
        return new CliConsole
        {
            Out = Writer(Console.OpenStandardOutput()),
            Error = Writer(Console.OpenStandardError()),
            In = new StreamLines(input),
            Input = input,
            OutIsTerminal = outIsTerminal,
            ErrorIsTerminal = errorIsTerminal,
            InIsTerminal = !Console.IsInputRedirected,
            ColourAllowed = string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") != "dumb",
            Width = outIsTerminal || errorIsTerminal ? FindWidth() : 80,
        };
    }

    /// <summary>A text for <see cref="Out"/>, coloured when a person will see it so.</summary>
    public string OnOut(Ink ink, string text) => Paint(OutIsTerminal && ColourAllowed, ink, text);

    /// <summary>A text for <see cref="Error"/>, coloured when a person will see it so.</summary>
    public string OnError(Ink ink, string text) => Paint(ErrorIsTerminal && ColourAllowed, ink, text);

    private static string Paint(bool on, Ink ink, string text)
    {
        if (!on || ink == Ink.Plain || text.Length == 0)
        {
            return text;
        }

        var code = ink switch
        {
            Ink.Bold => "1",
            Ink.Faint => "2",
            Ink.Good => "32",
            Ink.Warning => "33",
            _ => "31",
        };
        return $"\u001b[{code}m{text}\u001b[0m";
    }

    private static StreamWriter Writer(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 4096) { AutoFlush = true, NewLine = "\n" };

    private static int FindWidth()
    {
        try
        {
            return Math.Clamp(Console.WindowWidth, 40, 400);
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return 80;
        }
    }
}
