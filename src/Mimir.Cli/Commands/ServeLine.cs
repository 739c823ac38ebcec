using System.Diagnostics.CodeAnalysis;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary>
/// Recognizes the command line that clients start: <c>serve [--config X] [--http A] [--namespace N]</c>. Their first answer waits for it, and the
/// full parser costs more to load than the rest of the start. Whatever is not exactly this is left to the full parser, which so
/// remains the only one that judges.
/// </summary>
internal static class ServeLine
{
    /// <summary>Takes the line when it has the plain shape and its values are right.</summary>
    /// <returns>False for anything that the full parser should see: other commands, other spellings, every mistake.</returns>
    public static bool TryParse(ReadOnlySpan<string> args, [NotNullWhen(true)] out ServeRequest? request)
    {
        request = null;
        if (args.Length == 0 || args[0] != "serve")
        {
            return false;
        }

        string? config = null, space = null;
        ListenAddress? http = null;
        for (var i = 1; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || args[i + 1].Length == 0 || args[i + 1][0] is '-' or '[')
            {
                return false;
            }

            switch (args[i])
            {
                case "--config" when config is null:
                    config = args[i + 1];
                    break;
                case "--namespace" when space is null:
                    space = args[i + 1];
                    break;
                case "--http" when http is null && ListenAddress.TryParse(args[i + 1], out http, out _):
                    break;
                default:
                    return false;
            }
        }

        request = new ServeRequest(config, http, space);
        return true;
    }
}
