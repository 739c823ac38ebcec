using System.Net;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Upstreams.Web;

/// <summary>Finds out whether a refusal comes from another server than the one that was negotiated with.</summary>
internal static class Doubts
{
    /// <summary>Tells what an answer leaves open. A request is doubted once.</summary>
    /// <param name="connection">Where the request was sent.</param>
    /// <param name="call">The request.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="body">The answer.</param>
    public static async ValueTask<Doubt> AboutAsync(UpstreamConnection connection, HttpCall call, HttpStatusCode status, ReadOnlyMemory<byte> body)
    {
        if (call.WasDoubted || !Refusal.IsPossible(status, call.Method, body.Length))
        {
            return Doubt.None;
        }

        var era = connection.Order.Era;
        if (Refusal.MaySpeakOfAnotherServer(status, era, body.Span)
            || (Refusal.MaySpeakOfAnotherEra(status, call.Method, era, body.Span) && !await IsKnownAsync(connection, call.Aborted).ConfigureAwait(false)))
        {
            return Doubt.WhoRefused;
        }

        return Refusal.MayMeanAnything(era, body.Span) ? Doubt.WhatItMeans : Doubt.None;
    }

    /// <summary>
    /// Makes the handshake anew and tells whether the server speaks another era now: only then the request certainly did not run. A
    /// server of the same era has answered it, and so has one that went away meanwhile.
    /// </summary>
    public static async Task<bool> IsOtherEraAsync(StreamableHttpConnection connection, HttpCall call)
    {
        call.WasDoubted = true;
        try
        {
            await connection.RenewAsync(call.Session).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It is closed, by this or by another call that had the same doubt.
        }

        return connection.IsOtherEra;
    }

    /// <summary>Whether the server still knows the session, which a new handshake would end: any that does answers a ping.</summary>
    private static async Task<bool> IsKnownAsync(UpstreamConnection connection, CancellationToken cancellationToken)
    {
        var ping = new LocalExchange { Method = McpMethod.Ping };
        try
        {
            await connection.RequestAsync(ping, null, cancellationToken).ConfigureAwait(false);
            return ping.UpstreamStatus is >= 200 and < 300;
        }
        catch (RequestFailed)
        {
            return false;
        }
    }
}
