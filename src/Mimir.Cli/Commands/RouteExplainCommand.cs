using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir route explain NAME</c>: which server would take a call, which others could, and why not.</summary>
internal sealed class RouteExplainCommand : Command
{
    private readonly Argument<string> _name = new("NAME") { Description = "A tool or prompt by the name that clients see, or the URI of a resource." };
    private readonly Option<bool> _json = CommonOptions.Json("Print one object instead of a table.");

    private readonly Option<string?> _namespace;

    public RouteExplainCommand(CliContext context)
        : base("explain", "Start every configured server once and show which of them would take a call, which others could, and why the rest could not. Nothing is called.")
    {
        Add(_name);
        Add(_json);
        _namespace = CommonOptions.InNamespace(context, "The namespace to look from: names are those of its clients. Default: all servers, as the operator sees them.");
        Add(_namespace);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(_name);
        var run = await Inspection.StartAsync(context, parsed, null, parsed.GetValue(_namespace), cancellationToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            var explanation = run.Explain(name);
            if (explanation.Kind.Length == 0)
            {
                throw ToolLookup.NotFound(run, name, "tool, prompt or resource");
            }

            if (parsed.GetValue(_json))
            {
                context.Console.Out.WriteLine(RouteView.ToJson(explanation));
            }
            else
            {
                RouteView.Write(context.Console, explanation);
            }

            return explanation.Candidates.Any(c => c.IsTaken) ? ExitCodes.Success : ExitCodes.Unavailable;
        }
    }
}
