using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;
using Mimir.Router.State;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir inspect SERVER</c>: what was negotiated with a server, and what of it reaches which clients.</summary>
internal sealed class InspectCommand : Command
{
    private readonly Argument<string> _server;
    private readonly Option<bool> _json = CommonOptions.Json("Print one object instead of a table.");

    public InspectCommand(CliContext context)
        : base("inspect", "Start one server and show what was negotiated, and what of it reaches clients of each revision: as it is, translated, or not at all.")
    {
        _server = CommonOptions.Server(context, "SERVER");
        Add(_server);
        Add(_json);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(_server)!;
        var run = await Inspection.StartAsync(context, parsed, name, null, cancellationToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            if (run.Inspect(name) is not { } inspection)
            {
                if (run.SwitchedOff.Contains(name, StringComparer.Ordinal))
                {
                    throw new CommandFailure(
                        ExitCodes.Usage, $"Server '{name}' is not run, so there is nothing to inspect: it is switched off, or it is a plugin that waits for something or is set aside. mimir doctor tells.");
                }

                var lines = new List<string> { $"There is no server '{name}'." };
                if (NearestName.Find(name, run.Servers.Select(s => s.Name)) is { } meant)
                {
                    lines.Add($"Did you mean '{meant}'?");
                }

                lines.Add("mimir list shows all of them.");
                throw new CommandFailure(ExitCodes.Usage, string.Join('\n', lines));
            }

            var server = run.Servers.First(s => s.Name == name);
            if (parsed.GetValue(_json))
            {
                context.Console.Out.WriteLine(InspectView.ToJson(server, inspection));
            }
            else
            {
                InspectView.Write(context.Console, server, inspection);
            }

            return server.State == UpstreamStatus.Ready ? ExitCodes.Success : ExitCodes.Unavailable;
        }
    }
}
