using System.CommandLine;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir new</c>: something to go on from.</summary>
internal sealed class NewCommand : Command
{
    public NewCommand(CliContext context)
        : base("new", "Begin something new: mimir new plugin NAME.")
    {
        Add(new NewPluginCommand(context));
        SetAction(int (_) => throw new CommandFailure(ExitCodes.Usage, "Write mimir new plugin NAME."));
    }
}
