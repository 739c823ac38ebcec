using Mimir.Protocol.Revisions;
using Mimir.Router.Model;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>One attempt to open a connection in one era, and what its failure says of the server.</summary>
internal static class Opening
{
    /// <summary>Connects and makes the handshake, within the server's startup timeout.</summary>
    /// <param name="slot">What for.</param>
    /// <param name="setup">What it takes.</param>
    /// <param name="stop">Ends it when the pool is closed.</param>
    /// <exception cref="ConnectFailure">It failed.</exception>
    public static async Task<UpstreamConnection> RunAsync(ConnectionSlot slot, PoolSetup setup, CancellationToken stop)
    {
        var server = slot.Pool.Model;
        var pin = server.Pin;
        if (pin is not null && pin.Era != slot.Era)
        {
            throw new ConnectFailure($"Server '{server.Name}' is pinned to {pin} (protocol).") { WrongEra = true };
        }

        var order = new ConnectionOrder
        {
            Server = server,
            Era = slot.Era,
            Profile = slot.Profile,
            Owner = slot.Owner,
            Limits = setup.Limits,
            Events = setup.Events,
            Counts = slot.Pool.State.Counts,
            Health = slot.Pool.Health,
            Handshake = Handshaker.RunAsync,
            Clock = setup.Clock,
            Pulse = setup.Pulse,
        };

        slot.LastEnd = null;
        slot.Ending = Task.CompletedTask;
        using var timeout = new CancellationTokenSource(server.StartupTimeout, setup.Clock.Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        var connector = setup.ConnectorFor(server.Transport);
        UpstreamConnection? connection = null;
        try
        {
            connection = await connector.ConnectAsync(order, deadline.Token).ConfigureAwait(false);
            try
            {
                await Handshaker.RunAsync(connection, deadline.Token).ConfigureAwait(false);
            }
            catch (ConnectFailure e) when (e.TryOther && connector.TryOther(connection))
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                connection = await OpenOtherAsync(connector, order, e, deadline.Token).ConfigureAwait(false);
            }

            return connection;
        }
        catch (Exception e)
        {
            slot.LastEnd = connection?.ProcessEnd;
            if (connection is not null)
            {
                // One that does not answer may not heed a request to end either: its callers have waited long enough.
                var ending = connection.DisposeAsync().AsTask();
                if (e is OperationCanceledException)
                {
                    slot.Ending = ending;
                }
                else
                {
                    await ending.ConfigureAwait(false);
                }
            }

            throw Judge(slot, e, wasThere: connection is not null, stop);
        }
    }

    /// <summary>The server knows nothing of the transport; the other one is left.</summary>
    private static async Task<UpstreamConnection> OpenOtherAsync(IConnector connector, ConnectionOrder order, ConnectFailure refusal, CancellationToken cancellationToken)
    {
        UpstreamConnection? connection = null;
        try
        {
            connection = await connector.ConnectAsync(order, cancellationToken).ConfigureAwait(false);
            await Handshaker.RunAsync(connection, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            if ((e as ConnectFailure ?? (e is OperationCanceledException ? Late(order.Server, e) : null)) is not { } next)
            {
                throw;
            }

            // However this way ends, the first one was refused as a server of the other era may have refused it.
            throw new ConnectFailure($"{refusal.Message} Tried next, over HTTP+SSE: {next.Message}", next)
            {
                WrongEra = next.WrongEra,
                OffersModern = next.OffersModern,
                MayBeWrongEra = true,
            };
        }
    }

    /// <summary>
    /// What a failure says of the era. On a line, silence and death at the modern probe are how some legacy servers answer it, and at
    /// <c>initialize</c> how a modern one may. Over HTTP they are an outage of the network or the server and say nothing.
    /// </summary>
    private static Exception Judge(ConnectionSlot slot, Exception e, bool wasThere, CancellationToken stop)
    {
        var server = slot.Pool.Model;
        var speaks = server.Pin is null && server.Transport is not HttpModel;
        var (probing, asking) = (speaks && slot.Era == Era.Modern, speaks && slot.Era == Era.Legacy);
        return e switch
        {
            OperationCanceledException when !stop.IsCancellationRequested => Late(server, e, probing, asking, slot.Pool.Silence(slot)),
            ConnectFailure { WrongEra: false } lost when wasThere && probing => new ConnectFailure(lost.Message, lost) { WrongEra = true, IsGuess = true },
            ConnectFailure { WrongEra: false } lost when wasThere && asking => new ConnectFailure(lost.Message, lost) { MayBeWrongEra = true },
            _ => e,
        };
    }

    private static ConnectFailure Late(ServerModel server, Exception e, bool probing = false, bool asking = false, string silence = "") =>
        new($"Server '{server.Name}' did not finish its handshake within {server.StartupTimeout.TotalSeconds:0.#} s (startupTimeout){silence}.", e)
        {
            WrongEra = probing,
            // Silence is dear to try again in either era.
            IsGuess = probing || asking,
            MayBeWrongEra = asking,
        };
}
