using System.Globalization;

namespace Mimir.Eras;

/// <summary>The command line.</summary>
/// <param name="Era">The revision to speak.</param>
/// <param name="Port">The port of 127.0.0.1, 0 for any; null for stdin and stdout.</param>
/// <param name="State">A file that several processes of one server share as their memory; null for none.</param>
/// <param name="Ledger">A file to which starts and what <c>note</c> does are appended; null for none.</param>
internal sealed record Options(Era Era, int? Port, string? State, string? Ledger)
{
    /// <summary>Reads arguments.</summary>
    /// <exception cref="FormatException">They are not right.</exception>
    public static Options Read(string[] args)
    {
        Era? era = null;
        int? port = null;
        var stdio = false;
        string? state = null;
        string? ledger = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--revision": era = new Era(Value(args, ref i)); break;
                case "--http": port = int.Parse(Value(args, ref i), CultureInfo.InvariantCulture); break;
                case "--stdio": stdio = true; break;
                case "--state": state = Value(args, ref i); break;
                case "--ledger": ledger = Value(args, ref i); break;
                default: throw new FormatException($"{args[i]}: there are --revision, --stdio, --http, --state and --ledger");
            }
        }

        if (era is null) throw new FormatException("--revision is missing");
        return stdio == port is null ? new Options(era, port, state, ledger) : throw new FormatException("one of --stdio and --http PORT");
    }

    private static string Value(string[] args, ref int i) => ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} needs a value");
}
