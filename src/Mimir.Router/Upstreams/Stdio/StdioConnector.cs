using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Stdio;

/// <summary>Reaches servers that are child processes.</summary>
/// <param name="host">Starts them.</param>
/// <param name="log">Takes what a server wrote last on stderr when it ended by itself: for the operator, since it may hold anything. Default: nowhere.</param>
public sealed class StdioConnector(IProcessHost host, Action<string>? log = null) : IConnector
{
    private const int MostLastWords = 20;
    private const int LongestLastWord = 500;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public async Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var model = (StdioModel)order.Server.Transport;
        IChildProcess child;
        try
        {
            child = await host.StartAsync(order.Server.Name, model, cancellationToken).ConfigureAwait(false);
        }
        catch (ProcessStartException e)
        {
            throw new ConnectFailure(e.Message, e) { CannotStart = !e.MayPass, MayPass = e.MayPass };
        }

        LineConnection connection;
        try
        {
            connection = new LineConnection(order, child.Line, child.DisposeAsync, watched: true);
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // Its process is there, and nobody would read what it says.
            await child.DisposeAsync().ConfigureAwait(false);
            throw new ConnectFailure($"Server '{order.Server.Name}': no more threads may be started. Raise the limit (ulimit -u, pids.max), or end something.", e) { MayPass = true };
        }

        _ = WatchAsync(connection, child);
        return connection;
    }

    /// <summary>
    /// Closes the connection when its child has ended or its line has. A child that ends takes its calls along even when a grandchild
    /// keeps its pipes open, and what is said of it is how it ended, not which of its pipes was seen to close first.
    /// </summary>
    private async Task WatchAsync(LineConnection connection, IChildProcess child)
    {
        var exited = child.Exited;
        var line = connection.LineEnded;
        var gone = connection.Gone.Task;
        await Task.WhenAny(exited, line, gone).ConfigureAwait(false);

        // One follows the other within a moment: the exit the end of the pipe, or the end of the pipe the exit, behind what the child
        // wrote last and the reader has yet to deliver.
        var other = exited.IsCompleted ? (Task)line : exited;
        await Task.WhenAny(other, gone, Task.Delay(Moment, connection.Order.Clock.Time)).ConfigureAwait(false);
        if (!connection.IsOpen)
        {
            // It was stopped, and how it ended is no news.
            return;
        }

        if (!exited.IsCompleted)
        {
            connection.Close(await line.ConfigureAwait(false));
            return;
        }

        var exit = await exited.ConfigureAwait(false);
        var words = child.StandardErrorTail.Where(l => !string.IsNullOrWhiteSpace(l)).TakeLast(MostLastWords).ToList();
        var told = log is not null && words.Count > 0;
        connection.ProcessEnd = new ProcessEnd(exit.Code, exit.Signal, [.. words.Select(Cut)]);
        connection.Close(told ? $"it {exit}; what it last wrote to stderr is on the stderr of Mimir" : $"it {exit}");
        if (told)
        {
            // After its calls were failed: who reads our stderr must not hold them up.
            log!($"Server '{connection.Server.Name}' {exit}. It last wrote to stderr:\n  {string.Join("\n  ", connection.ProcessEnd.LastWords)}");
        }
    }

    private static string Cut(string line) => line.Length <= LongestLastWord ? line : line[..LongestLastWord] + "…";
}
