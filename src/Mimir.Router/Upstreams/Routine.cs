using System.Buffers.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Upstreams;

/// <summary>What a connection settles by itself of what a server says.</summary>
internal static class Routine
{
    /// <summary>Hands progress to whoever made the call that it is about, which gives that more time.</summary>
    /// <param name="connection">Where it came from.</param>
    /// <param name="frame">The notification.</param>
    /// <param name="envelope">Its envelope.</param>
    public static void Relay(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var pending = connection.Pending;
        if (!envelope.NotifiedToken.Exists || !Utf8Parser.TryParse(envelope.NotifiedToken.Of(frame), out long id, out _)
            || pending.FindAndExtend(id = pending.Redirects.TargetOf(id), connection.Order.Clock.Now) is not { CallerToken.IsEmpty: false } exchange)
        {
            connection.CountStray();
            return;
        }

        var splices = default(SpliceList);
        splices.Replace(envelope.NotifiedToken, exchange.CallerToken.Span);
        TaskIds.Wrap(ref splices, frame, envelope, exchange.Method, exchange.TaskTag);
        exchange.Relate(id, frame, splices);
    }

    /// <summary>Answers a ping.</summary>
    /// <param name="connection">Where it came from.</param>
    /// <param name="id">Its id, as it was written.</param>
    public static void Pong(UpstreamConnection connection, ReadOnlySpan<byte> id)
    {
        var splices = default(SpliceList);
        splices.Replace(new ByteRange(22, 0), id);
        connection.Reply("{\"jsonrpc\":\"2.0\",\"id\":,\"result\":{}}"u8, splices, droppable: true);
    }
}
