using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir apps</c>: apps on this machine that have an MCP server inside and say so.</summary>
internal sealed class AppsCommand : Command
{
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"apps\":[...]} instead of a table.");

    public AppsCommand(CliContext context)
        : base("apps", "Show the apps and games on this machine that have an MCP server inside and announce it, and which servers are one. To serve one: mimir add NAME --app APP.")
    {
        Add(_json);
        SetAction(parsed => Run(context, parsed));
    }

    private int Run(CliContext context, ParseResult parsed)
    {
        var apps = context.Host.Apps(parsed.GetValue(CommonOptions.Config));
        if (parsed.GetValue(_json))
        {
            context.Console.Out.WriteLine(AppsView.ToJson(apps));
        }
        else if (apps.Count == 0)
        {
            context.Console.Error.WriteLine("No app announces an MCP server on this machine, and no server is one.");
        }
        else
        {
            AppsView.Write(context.Console, apps);
        }

        return ExitCodes.Success;
    }
}
