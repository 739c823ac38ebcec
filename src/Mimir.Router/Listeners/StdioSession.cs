using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;

namespace Mimir.Router.Listeners;

/// <summary>The legacy conversation on a line.</summary>
internal sealed class StdioSession(StdioListener listener, View view) : ClientSession(view)
{
    /// <inheritdoc/>
    public override bool Send(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable) => listener.Write(frame, splices, droppable);
}
