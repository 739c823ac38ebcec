using Mimir.Router.Model;
using Mimir.Router.Upstreams.Stdio;

namespace Mimir.Router.Upstreams.Doors;

/// <summary>Reaches apps that come to us by themselves. The door they come to is opened when the first server is one of them.</summary>
/// <param name="folder">Where its socket is made; null when there is no such place.</param>
/// <param name="name">The name of the socket's file, of this router alone.</param>
/// <param name="time">The clock.</param>
public sealed class DoorConnector(string? folder, string name, TimeProvider time) : IConnector, IAsyncDisposable
{
    /// <summary>How long an app that is not there is waited for. Those that run look for new doors each second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private AppDoor? _door;
    private bool _isClosed;

    /// <inheritdoc/>
    public async Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var app = ((DoorModel)order.Server.Transport).App;
        var door = Door();
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var socket = await door.TakeAsync(app, limit.Token).ConfigureAwait(false);
            try
            {
                var line = new SocketLine(socket);
                return new LineConnection(order, line, () =>
                {
                    line.Interrupt();
                    line.Dispose();
                    return ValueTask.CompletedTask;
                });
            }
            catch
            {
                // No more threads may be started: nobody would read what it says.
                socket.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectFailure($"The app '{app}' did not come within {Patience.TotalSeconds:0} s. Is it running?", e) { IsAwaited = true };
        }
    }

    /// <summary>Closes the door.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDoor? door;
        lock (_gate)
        {
            _isClosed = true;
            door = _door;
        }

        if (door is not null)
        {
            await door.DisposeAsync().ConfigureAwait(false);
        }
    }

    private AppDoor Door()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new ConnectFailure("Mimir stops.");
            }

            return _door ??= AppDoor.Open(
                folder ?? throw new ConnectFailure("Apps cannot come here: there is no home folder to make a socket in. Set HOME, or have the app listen instead.") { CannotStart = true }, name, time);
        }
    }
}
