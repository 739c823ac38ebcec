using Mimir.Router.Model;

namespace Mimir.Router.Upstreams.Stdio;

/// <summary>Reaches servers that are child processes.</summary>
public sealed class StdioConnector(IProcessHost host) : IConnector
{
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
            throw new ConnectFailure(e.Message, e);
        }

        var connection = new LineConnection(order, child.Line, child.DisposeAsync);
        _ = WatchAsync(connection, child);
        return connection;
    }

    /// <summary>A child that ended takes its calls along at once, even when a grandchild keeps its pipes open.</summary>
    private static async Task WatchAsync(LineConnection connection, IChildProcess child)
    {
        var exit = await child.Exited.ConfigureAwait(false);

        // What it wrote before it ended is still in the pipe: the reader gets a moment to deliver it.
        await Task.WhenAny(connection.Gone.Task, Task.Delay(TimeSpan.FromMilliseconds(300), connection.Order.Clock.Time)).ConfigureAwait(false);
        var last = child.StandardErrorTail;
        connection.Close(last.Count == 0 ? $"it {exit}" : $"it {exit}; its last words on stderr are in the log of server '{connection.Server.Name}'");
    }
}
