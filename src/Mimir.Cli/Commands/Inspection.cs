using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary>What the commands that look once and end have in common: a router without a listener whose servers have all been tried.</summary>
internal static class Inspection
{
    /// <summary>Starts a router, says what it has to say, and waits for its servers.</summary>
    public static async Task<IRouterRun> StartAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new RunRequest { Config = parsed.GetValue(CommonOptions.Config) };
        var run = await context.Host.StartAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var notice in run.Notices)
            {
                context.Console.Error.WriteLine(context.Console.OnError(Ink.Warning, SafeText.Line(notice)));
            }

            if (run.IsDemo)
            {
                context.Console.Error.WriteLine(
                    $"Nothing is configured, so this is the built-in demo server. Put your servers in {SafeText.Line(run.ConfigFile)}.");
            }

            await run.WaitUntilSettledAsync(cancellationToken).ConfigureAwait(false);
            return run;
        }
        catch
        {
            await run.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Says on stderr which servers are missing from the answer, and why.</summary>
    public static void ShowFailures(CliConsole console, IReadOnlyList<ServerRow> servers)
    {
        foreach (var server in servers.Where(s => s.State != ServerState.Ready))
        {
            var why = string.IsNullOrEmpty(server.Detail) ? "" : ": " + SafeText.Prose(server.Detail);
            console.Error.WriteLine(
                console.OnError(Ink.Warning, $"{SafeText.Prose(server.Name)} is {ServersView.Word(server.State)}{why}"));
        }
    }
}
