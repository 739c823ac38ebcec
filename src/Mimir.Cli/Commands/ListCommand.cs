using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir list</c>: the servers, each started and asked once.</summary>
internal sealed class ListCommand : Command
{
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"servers\":[...]} instead of a table.");

    public ListCommand(CliContext context)
        : base("list", "Start every configured server once and show state, transport, era, revision and counts.")
    {
        Add(_json);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var run = await Inspection.StartAsync(context, parsed, cancellationToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            var servers = run.Servers;
            if (parsed.GetValue(_json))
            {
                context.Console.Out.WriteLine(ServersView.ToJson(servers));
            }
            else
            {
                ServersView.WriteTable(context.Console, servers);
            }

            // What was found is the answer; that a server in it has failed is for the reader to judge.
            return ExitCodes.Success;
        }
    }
}
