using System.Buffers;
using System.Text;
using Mimir.Router.Upstreams;

namespace Mimir.Supervisor.Launching;

/// <summary>
/// Windows gives a program one line, which it takes apart itself. The line is made for the rules of <c>CommandLineToArgvW</c> and of the
/// C runtime, which agree on it. The command interpreter, which runs batch files, has rules of its own that no quoting satisfies in all
/// cases; what it might take for anything else than text is refused.
/// </summary>
internal static class WindowsCommandLine
{
    /// <summary>What a process takes, and what the command interpreter takes, in UTF-16 units.</summary>
    internal const int MostUnits = 32_766, MostBatchUnits = 8_191;

    private static readonly SearchValues<char> s_quoted = SearchValues.Create(" \t\n\v\"");

    /// <summary>The line for a program.</summary>
    /// <param name="who">Who asks, as a message begins.</param>
    /// <param name="file">The program, which its first argument names as well.</param>
    /// <param name="arguments">The others.</param>
    /// <exception cref="ProcessStartException">It is too long.</exception>
    internal static string ForProgram(string who, string file, IEnumerable<string> arguments)
    {
        var line = new StringBuilder().Append('"').Append(file).Append('"');
        foreach (var argument in arguments)
        {
            line.Append(' ');
            if (argument.Length > 0 && !argument.AsSpan().ContainsAny(s_quoted))
                line.Append(argument);
            else
                AppendQuoted(line, argument);
        }

        return Fitting(who, line.ToString(), MostUnits, "Windows passes");
    }

    /// <summary>
    /// The line for the command interpreter to run a batch file. Everything stands in quotes, inside which only a quote, a percent sign
    /// and a line break mean anything to it; <c>/v:off</c> takes that from the exclamation mark, and <c>/d</c> keeps others' settings out.
    /// </summary>
    /// <param name="who">Who asks, as a message begins.</param>
    /// <param name="interpreter">The full path of <c>cmd.exe</c>.</param>
    /// <param name="file">The batch file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="ProcessStartException">It is too long, or an argument cannot be passed.</exception>
    internal static string ForBatch(string who, string interpreter, string file, IReadOnlyList<string> arguments)
    {
        if (!IsSafe(file))
            throw Unsafe(who, $"the path of \"{file}\"", file);
        var line = new StringBuilder().Append('"').Append(interpreter).Append("\" /d /e:on /v:off /s /c \"\"").Append(file).Append('"');
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!IsSafe(arguments[i]))
                throw Unsafe(who, $"argument {i + 1}", file);
            line.Append(' ');
            AppendQuoted(line, arguments[i]);
        }

        return Fitting(who, line.Append('"').ToString(), MostBatchUnits, "the command interpreter of Windows takes");
    }

    /// <summary>In quotes: a quote is preceded by a backslash, and backslashes before one, the last one included, are doubled.</summary>
    private static void AppendQuoted(StringBuilder line, string argument)
    {
        line.Append('"');
        var slashes = 0;
        foreach (var c in argument)
        {
            if (c == '"')
                line.Append('\\', slashes + 1);
            slashes = c == '\\' ? slashes + 1 : 0;
            line.Append(c);
        }

        line.Append('\\', slashes).Append('"');
    }

    private static bool IsSafe(string text)
    {
        foreach (var c in text)
        {
            if (c is '"' or '%' || char.IsControl(c))
                return false;
        }

        return true;
    }

    private static ProcessStartException Unsafe(string who, string what, string file) => new(
        $"{who}: {what} holds a quote, a percent sign or a control character, which cannot be passed safely to a batch file (\"{file}\"). "
        + "Name the program that the batch file starts as \"command\" (for npx: node.exe, with the full path of npx-cli.js as the first of \"args\"), or put the value into \"env\".");

    private static string Fitting(string who, string line, int most, string what) => line.Length <= most
        ? line
        : throw new ProcessStartException($"{who}: command and arguments together are {line.Length} characters long, and {what} at most {most}. Put large values into a file.");
}
