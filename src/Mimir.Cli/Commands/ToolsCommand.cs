using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir tools</c>: every tool as clients see it.</summary>
internal sealed class ToolsCommand : Command
{
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"tools\":[...]} with whole definitions instead of a table.");

    private readonly Option<string?> _namespace;

    public ToolsCommand(CliContext context)
        : base("tools", "Start every configured server once and show all tools by the names that clients see.")
    {
        Add(_json);
        _namespace = CommonOptions.InNamespace(context, "The namespace to look from: names are those of its clients. Default: all servers, as the operator sees them.");
        Add(_namespace);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var run = await Inspection.StartAsync(context, parsed, null, parsed.GetValue(_namespace), cancellationToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            Inspection.ShowFailures(context.Console, run.Servers);
            if (parsed.GetValue(_json))
            {
                context.Console.Out.WriteLine(ToolsView.ToJson(run.Tools));
            }
            else
            {
                ToolsView.WriteTable(context.Console, run.Tools);
            }

            return ExitCodes.Success;
        }
    }
}
