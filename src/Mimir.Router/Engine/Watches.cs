using System.Runtime.CompilerServices;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// Subscriptions at legacy servers on behalf of modern clients that listen: made when the first wants one, on every connection that is
/// open for clients of its kind, taken back when nobody does any more. Thread-safe.
/// </summary>
internal sealed class Watches(RouterEngine engine)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConditionalWeakTable<UpstreamConnection, Subscribed> _at = [];

    /// <summary>Brings the subscriptions of a connection in line with what is wanted now, and with a first lane those of the others.</summary>
    /// <returns>Completes when the server has answered; never faults.</returns>
    public Task AlignAsync(ConnectionSlot slot) => slot.Owner is not BridgeLane lane
        ? Task.CompletedTask
        : lane.Number > 0 ? AlignOneAsync(slot) : Task.WhenAll(slot.Pool.LanesOf(slot).Select(AlignOneAsync));

    /// <summary>The server knows of no subscription any more.</summary>
    public void Forget(UpstreamConnection connection)
    {
        if (_at.TryGetValue(connection, out var subscribed))
        {
            subscribed.Clear();
        }
    }

    /// <summary>Takes back what nobody wants any more, and asks again for what could not be had.</summary>
    public void Sweep()
    {
        foreach (var slot in engine.Pools.SelectMany(static p => p.Slots))
        {
            if (slot.Live is { } connection && _at.TryGetValue(connection, out var subscribed) && subscribed.IsToBeSwept)
            {
                _ = AlignOneAsync(slot);
            }
        }
    }

    /// <summary>Tells whether the server answered that it reports no changes of a resource.</summary>
    public bool IsRefused(ConnectionSlot slot, string uri) =>
        slot.Live is { } connection && _at.TryGetValue(connection, out var subscribed) && subscribed.IsRefused(uri);

    /// <summary>
    /// One after the other on a connection, for what is sent at the same time may arrive the other way round. Who asks while another
    /// waits already gets what that will find.
    /// </summary>
    private Task AlignOneAsync(ConnectionSlot slot)
    {
        if (slot.Live is not { } connection || !connection.Handshake.Has("resources", "subscribe"))
        {
            return Task.CompletedTask;
        }

        return _at.GetValue(connection, static _ => new Subscribed()).InTurn(subscribed => AlignAsync(slot, connection, subscribed));
    }

    private Task AlignAsync(ConnectionSlot slot, UpstreamConnection connection, Subscribed subscribed)
    {
        var (more, less, epoch) = subscribed.Compare(engine.Listens.Wanted(slot.Pool.Bridged(slot.Profile)).Uris);
        return Task.WhenAll([
            .. more.Select(async uri => subscribed.Note(uri, epoch, await SendAsync(connection, McpMethod.ResourcesSubscribe, uri).ConfigureAwait(false))),
            .. less.Select(uri => SendAsync(connection, McpMethod.ResourcesUnsubscribe, uri)),
        ]);
    }

    /// <returns>Whether the server agreed; null when it did not answer.</returns>
    private static async Task<bool?> SendAsync(UpstreamConnection connection, McpMethod method, string uri)
    {
        using var limit = new CancellationTokenSource(Patience, connection.Order.Clock.Time);
        try
        {
            var answer = await connection.RequestAsync(method, json => json.WriteString("uri"u8, uri), limit.Token).ConfigureAwait(false);
            return EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok && envelope.Kind == FrameKind.Response;
        }
        catch (Exception e) when (e is RequestFailed or OperationCanceledException)
        {
            return null;
        }
    }
}
