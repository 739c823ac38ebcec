using Mimir.Protocol.Envelopes;

namespace Mimir.Router.State;

/// <summary>A call that was found open upstream: the exchange, and the use of it that is meant. Exchanges are used again; ids are not.</summary>
/// <param name="Exchange">The exchange.</param>
/// <param name="Id">The id it is open under.</param>
/// <param name="Session">The legacy session it belongs to, or null.</param>
public readonly record struct OpenCall(Exchange Exchange, long Id, object? Session)
{
    /// <summary>Looks whether an exchange is open under an id.</summary>
    /// <returns>Null when it is not (any more).</returns>
    public static OpenCall? Find(Exchange? exchange, long id)
    {
        if (exchange is null || id == 0)
        {
            return null;
        }

        // In this order: the session stands as long as the id does, so what was read before the id proved right is its own.
        var session = exchange.Session;
        return exchange.UpstreamId == id ? new OpenCall(exchange, id, session) : null;
    }

    /// <inheritdoc cref="Exchange.Relate"/>
    public bool Relate(ReadOnlySpan<byte> frame, in SpliceList splices) => Exchange.Relate(Id, frame, splices);
}
