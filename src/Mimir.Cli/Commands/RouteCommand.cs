using System.CommandLine;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir route</c>: what has to do with where calls go.</summary>
internal sealed class RouteCommand : Command
{
    public RouteCommand(CliContext context)
        : base("route", "Look into where calls go.") => Add(new RouteExplainCommand(context));
}
