using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams;

/// <summary>What a connection tells the rest of the house. Called on the connection's reading thread; must not block.</summary>
public interface IUpstreamEvents
{
    /// <summary>A notification that the connection does not settle itself (progress it does).</summary>
    /// <param name="connection">Where it came from.</param>
    /// <param name="frame">Borrowed bytes.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="related">The request on whose response stream it came, or null.</param>
    void OnNotification(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related);

    /// <summary>A question of the server (elicitation, sampling, roots, ...). Pings are answered by the connection.</summary>
    void OnRequest(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related);

    /// <summary>A call was answered with a task. Called before the caller has the answer.</summary>
    /// <param name="connection">Where it came from.</param>
    /// <param name="taskId">The server's id, the inside of a JSON string. Borrowed bytes.</param>
    /// <param name="call">The call.</param>
    void OnTask(UpstreamConnection connection, ReadOnlySpan<byte> taskId, OpenCall call);

    /// <summary>A request certainly did not run: it did not reach the server, or the server refused it as none of its own. It is out of the table.</summary>
    /// <param name="connection">Where it was to go.</param>
    /// <param name="exchange">Whose it is.</param>
    /// <param name="frame">The request as it was to be sent. Borrowed bytes.</param>
    /// <param name="id">The id it was sent under.</param>
    /// <param name="why">Why it did not run.</param>
    /// <returns>True when it is sent again, and the caller waits on.</returns>
    bool OnUnsent(UpstreamConnection connection, Exchange exchange, ReadOnlySpan<byte> frame, long id, RouterError why);

    /// <summary>The server forgot the session and a new one was opened: what was set there has to be set again.</summary>
    void OnRenewed(UpstreamConnection connection);

    /// <summary>The connection is gone; its open calls have been failed already.</summary>
    void OnClosed(UpstreamConnection connection);
}
