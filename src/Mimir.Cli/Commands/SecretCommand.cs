using System.CommandLine;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir secret</c>: what servers are given and nobody else sees.</summary>
internal sealed class SecretCommand : Command
{
    public SecretCommand(CliContext context)
        : base("secret", "Keep secrets for servers, encrypted on this machine.")
    {
        Add(new SecretSetCommand(context));
        Add(new SecretListCommand(context));
        Add(new SecretRemoveCommand(context));
        SecretWords.Mute(this);
        SetAction(int (parsed) =>
        {
            var word = parsed.UnmatchedTokens.Count > 0 ? NearestName.Find(parsed.UnmatchedTokens[0], Subcommands.Select(c => c.Name)) : null;
            throw new CommandFailure(
                ExitCodes.Usage,
                word is null ? "Write mimir secret set NAME, mimir secret list or mimir secret remove NAME." : $"Did you mean 'mimir secret {word}'?");
        });
    }
}
