using System.CommandLine;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir server</c>: which tools of a server nobody is given.</summary>
internal sealed class ServerCommand : Command
{
    public ServerCommand(CliContext context)
        : base("server", "Deny tools of a server wherever it is offered.")
    {
        Add(new ServerToolCommand(context, denies: true));
        Add(new ServerToolCommand(context, denies: false));
        Add(new DeniedToolsCommand(context));
    }
}
