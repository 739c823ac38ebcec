using Mimir.Http.Streams;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;

namespace Mimir.Http.Sessions;

/// <summary>A conversation over HTTP+SSE of 2024-11-05: everything for the client goes down its one stream.</summary>
internal sealed class EventSession(View view) : ClientSession(view)
{
    public string Id { get; } = HttpSession.NewId();

    public EventLog Stream { get; } = new(null, view.Limits.MaxQueuedBytes);

    /// <inheritdoc/>
    public override bool Send(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable) => Stream.Append(frame, splices, droppable, "message"u8);
}
