using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;
using Mimir.Router.State;

namespace Mimir.Cli.Commands;

/// <summary>What the commands that look once and end have in common: a router without a listener whose servers have all been tried.</summary>
internal static class Inspection
{
    /// <summary>Starts a router, says what it has to say, and waits for its servers.</summary>
    public static Task<IRouterRun> StartAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken) =>
        StartAsync(context, parsed, null, null, cancellationToken);

    /// <summary>Starts a router, says what it has to say, and waits for what is to be looked at.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">Its line.</param>
    /// <param name="server">The only server that matters, or null for all.</param>
    /// <param name="space">The namespace whose clients' names are wanted, or null for all servers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IRouterRun> StartAsync(CliContext context, ParseResult parsed, string? server, string? space, CancellationToken cancellationToken)
    {
        var request = new RunRequest { Config = parsed.GetValue(CommonOptions.Config), Namespace = space };
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

            var settled = server is null ? run.WaitUntilSettledAsync(cancellationToken) : run.WaitUntilSettledAsync(server, cancellationToken);
            await StartTalk.WhileAsync(context.Console, run, settled, server).ConfigureAwait(false);
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
        foreach (var server in servers.Where(s => s.State != UpstreamStatus.Ready))
        {
            var why = string.IsNullOrEmpty(server.Detail) ? "" : ": " + SafeText.Prose(server.Detail);
            console.Error.WriteLine(
                console.OnError(Ink.Warning, $"{SafeText.Prose(server.Name)} is {UpstreamLife.Word(server.State)}{why}"));
        }
    }
}
