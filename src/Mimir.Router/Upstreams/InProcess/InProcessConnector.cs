using System.IO.Pipelines;
using Mimir.Router.Model;
using Mimir.Router.Upstreams.Stdio;

namespace Mimir.Router.Upstreams.InProcess;

/// <summary>Reaches servers that run inside this process, over a pair of memory pipes.</summary>
/// <param name="find">Finds one by the name that <see cref="InProcessModel.Factory"/> holds; null for none.</param>
public sealed class InProcessConnector(Func<string, InProcessServer?> find) : IConnector
{
    /// <summary>Reaches servers that are known from the beginning.</summary>
    /// <param name="servers">By the name that <see cref="InProcessModel.Factory"/> holds.</param>
    public InProcessConnector(IReadOnlyDictionary<string, InProcessServer> servers)
        : this(servers.GetValueOrDefault)
    {
    }

    /// <inheritdoc/>
    public Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var factory = ((InProcessModel)order.Server.Transport).Factory;
        if (find(factory) is not { } server)
        {
            throw new ConnectFailure($"There is no server named '{factory}' in this program.");
        }

        var (ours, theirs) = PipeLine.CreatePair();
        var stop = new CancellationTokenSource();
        var running = Task.Run(
            async () =>
            {
                try
                {
                    await server(theirs.Input, theirs.Output, stop.Token).ConfigureAwait(false);
                }
                finally
                {
                    await theirs.Output.DisposeAsync().ConfigureAwait(false);
                }
            },
            CancellationToken.None);

        return Task.FromResult<UpstreamConnection>(new LineConnection(order, ours, async () =>
        {
            ours.CloseWrite();
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
            ours.Dispose();
            stop.Dispose();
        }));
    }
}
