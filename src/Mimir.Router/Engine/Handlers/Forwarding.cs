using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Sends a request on to the server it was routed to, opening the connection when there is none.</summary>
internal static class Forwarding
{
    /// <summary>Forwards with the name, uri or task id replaced by the server's own.</summary>
    /// <param name="request">The request.</param>
    /// <param name="slot">Where to.</param>
    /// <param name="range">What is replaced; missing for nothing.</param>
    /// <param name="with">The server's own, as the inside of a JSON string.</param>
    /// <param name="headerName">The same as a header value, or null to derive it.</param>
    /// <param name="parameters">Mirrored parameters.</param>
    /// <param name="contentPrefix">What goes before the uris of a read resource's contents, or null.</param>
    public static void Send(
        ref Request request, ConnectionSlot slot, ByteRange range, scoped ReadOnlySpan<byte> with, string? headerName = null, ParamHeaders? parameters = null,
        byte[]? contentPrefix = null)
    {
        if (slot.Live is not { } connection)
        {
            SendLater(ref request, slot, range, with.ToArray(), headerName, parameters, contentPrefix);
            return;
        }

        scoped CallTarget target = default;
        target.Range = range;
        target.With = with;
        target.HeaderName = headerName;
        target.Parameters = parameters;
        target.ContentPrefix = contentPrefix;
        target.TaskTag = request.View.IsSingle ? null : slot.Pool.TaskTag;
        connection.Call(request.Exchange, request.Generation, request.Frame, request.Envelope, target);
    }

    /// <summary>Forwards along a route.</summary>
    public static void Send(ref Request request, Route route, ByteRange range) =>
        Send(ref request, route.Slot, route.IsRenamed ? range : default, route.Raw, route.HeaderName, route.Entry.Parameters);

    /// <summary>Why a server cannot be used by this caller, as an error.</summary>
    public static RouterError Unavailable(ServerPool pool, ConnectFailure failure, Era era) =>
        failure.WrongEra && (!failure.IsGuess || pool.State.Legacy is not null)
        ? new RouterError(
            ErrorCodes.EraNotBridged,
            era == Era.Modern
                ? $"Server '{pool.Model.Name}' speaks {Spoken(pool.State.Legacy, "2025-11-25 or earlier")} and this request {Revision.LatestModern}. Crossing eras is not supported yet: use a client of the server's era."
                : $"Server '{pool.Model.Name}' speaks {Spoken(pool.State.Modern, "2026-07-28 or later")} and this client an earlier revision. Crossing eras is not supported yet: use a client of the server's era.",
            pool.Model.Name)
        : new RouterError(ErrorCodes.ServerUnavailable, failure.Message, pool.Model.Name, Retryable: true) { HttpStatus = 200 };

    /// <summary>A method of its own, so that calls which need no opening pay for no closure. The other handlers do the same.</summary>
    private static void SendLater(
        ref Request request, ConnectionSlot slot, ByteRange range, byte[] with, string? headerName, ParamHeaders? parameters, byte[]? contentPrefix) =>
        Later.Run(ref request, kept => OpenAndSendAsync(kept, slot, range, with, headerName, parameters, contentPrefix));

    private static string Spoken(Revision? known, string otherwise) => known?.Name ?? otherwise;

    private static async Task OpenAndSendAsync(
        KeptRequest kept, ConnectionSlot slot, ByteRange range, byte[] with, string? headerName, ParamHeaders? parameters, byte[]? contentPrefix)
    {
        try
        {
            await slot.OpenAsync().ConfigureAwait(false);
        }
        catch (ConnectFailure e)
        {
            kept.Resume().Refuse(Unavailable(slot.Pool, e, slot.Era));
            return;
        }

        var request = kept.Resume();
        if (slot.Live is null)
        {
            request.Refuse(new RouterError(
                ErrorCodes.ServerUnavailable, $"Server '{slot.Pool.Model.Name}' ended right after it was started.", slot.Pool.Model.Name, Retryable: true));
            return;
        }

        Send(ref request, slot, range, with, headerName, parameters, contentPrefix);
    }
}
