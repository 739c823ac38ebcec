using Mimir.Cli.Hosting;
using Mimir.Cli.Views;
using Mimir.Protocol.Revisions;
using Mimir.Router.State;

namespace Mimir.Cli.Commands;

/// <summary>Waits for the one server that owns a tool, and for the others only if it is not found.</summary>
internal static class ToolLookup
{
    /// <summary>Finds a tool by the name clients see.</summary>
    /// <exception cref="CommandFailure">No server offers it; the text names what may have been meant, and the servers that did not start.</exception>
    public static async Task<ToolRow> FindAsync(IRouterRun run, string name, CancellationToken cancellationToken)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var settled = StopWatchingWhenSettledAsync(run, watching);
        try
        {
            await foreach (var _ in run.WatchServersAsync(watching.Token).ConfigureAwait(false))
            {
                if (Find(run, name) is { } early)
                {
                    return early;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // All servers have been tried.
        }

        cancellationToken.ThrowIfCancellationRequested();
        await settled.ConfigureAwait(false);
        return Find(run, name) ?? throw NotFound(run, name, "tool");
    }

    /// <summary>
    /// A tool that no list shows: legacy servers show some only to clients that can be asked, as the one that makes the call can, and
    /// the lists here are those of a client that cannot.
    /// </summary>
    /// <returns>Null when no such server is ready.</returns>
    public static ToolRow? Unlisted(IRouterRun run, string name)
    {
        var servers = run.Servers.Where(s => s is { State: UpstreamStatus.Ready, Revision.Era: Era.Legacy }).ToList();
        return servers.Count == 0
            ? null
            : new ToolRow { Name = name, Server = servers.Count == 1 ? servers[0].Name : "A server", Era = Era.Legacy, Definition = "{}"u8.ToArray() };
    }

    private static async Task StopWatchingWhenSettledAsync(IRouterRun run, CancellationTokenSource watching)
    {
        try
        {
            await run.WaitUntilSettledAsync(watching.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (watching.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await watching.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The tool was found first.
        }
    }

    private static ToolRow? Find(IRouterRun run, string name) =>
        run.Tools.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.Ordinal));

    /// <summary>What is said of a name that no server offers: what may have been meant, and the servers that did not start.</summary>
    /// <param name="run">The router.</param>
    /// <param name="name">The name.</param>
    /// <param name="what">What it was to be the name of.</param>
    public static CommandFailure NotFound(IRouterRun run, string name, string what)
    {
        var lines = new List<string> { $"There is no {what} '{name}'." };
        if (NearestName.Find(name, run.Tools.Select(t => t.Name)) is { } meant)
        {
            lines.Add($"Did you mean '{meant}'?");
        }

        var missing = run.Servers.Where(s => s.State != UpstreamStatus.Ready).ToList();
        lines.AddRange(missing.Select(s =>
            $"It may belong to '{s.Name}' ({UpstreamLife.Word(s.State)}){(s.Detail is null ? "" : ": " + s.Detail.TrimEnd('.'))}."));
        lines.Add("mimir tools lists all tools.");
        return new CommandFailure(missing.Count > 0 ? ExitCodes.Unavailable : ExitCodes.Usage, string.Join('\n', lines));
    }
}
