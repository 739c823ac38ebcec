using System.CommandLine;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary>
/// Words after <c>mimir secret</c> that were not asked for. Somebody may have written a value there, so they are refused without being shown, which the
/// parser's own errors would do.
/// </summary>
internal static class SecretWords
{
    /// <summary>Has the parser leave such words to <see cref="Refuse"/>.</summary>
    public static void Mute(Command command) => command.TreatUnmatchedTokensAsErrors = false;

    /// <summary>Refuses them.</summary>
    /// <exception cref="CommandFailure">There are some.</exception>
    public static void Refuse(ParseResult parsed, string usage)
    {
        if (parsed.UnmatchedTokens.Count > 0)
        {
            throw new CommandFailure(
                ExitCodes.Usage,
                $"{usage} takes nothing more. A value is never an argument: everybody on this machine can see those, and your shell writes them down. "
                + "If you have just written one, it is no secret any more: get a new one.");
        }
    }
}
