using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>A request that waits for something: its frame is a copy.</summary>
public sealed record KeptRequest(Exchange Exchange, int Generation, ClientSession? Session, ClientCatalog Catalog, byte[] Frame, Envelope Envelope)
{
    /// <summary>What is kept of it, or null when nothing is.</summary>
    public CallRecord? Record { get; init; }

    /// <summary>True once nobody waits for an answer any more.</summary>
    public bool IsOver => Exchange.Generation != Generation || Exchange.IsEnded;

    /// <summary>When its time is over, in milliseconds on the monotonic clock. It begins now, as the server has it, unless it has begun.</summary>
    internal long DueBy(ServerPool pool) => Exchange.DueBy(Generation, pool.Clock.Now + (long)pool.Model.CallTimeout.TotalMilliseconds);

    /// <summary>The request again.</summary>
    public Request Resume() => new()
    {
        Exchange = Exchange,
        Generation = Generation,
        Session = Session,
        Catalog = Catalog,
        Frame = Frame,
        Envelope = Envelope,
        Record = Record,
    };
}
