using System.Collections.Concurrent;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Support;

/// <summary>Keeps what connections report.</summary>
public sealed class ReportedEvents : IUpstreamEvents
{
    public ConcurrentQueue<string> Notifications { get; } = new();

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Requests that did not run.</summary>
    public ConcurrentQueue<string> Unsent { get; } = new();

    /// <summary>Whether those are sent again, by somebody else.</summary>
    public bool TakesBack { get; set; }

    public int Closed;

    public void OnNotification(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related) =>
        Notifications.Enqueue(Encoding.UTF8.GetString(frame));

    public void OnRequest(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related) =>
        Requests.Enqueue(Encoding.UTF8.GetString(frame));

    public void OnTask(UpstreamConnection connection, ReadOnlySpan<byte> taskId, OpenCall call)
    {
        // Whose tasks they are is the engine's to know.
    }

    public bool OnUnsent(UpstreamConnection connection, Exchange exchange, ReadOnlySpan<byte> frame, long id, RouterError why)
    {
        Unsent.Enqueue(Encoding.UTF8.GetString(frame));
        return TakesBack && exchange.Release(id);
    }

    public void OnRenewed(UpstreamConnection connection)
    {
        // Only HTTP renews its sessions.
    }

    public void OnClosed(UpstreamConnection connection) => Interlocked.Increment(ref Closed);
}
