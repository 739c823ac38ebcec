using System.Text.Json.Nodes;
using Mimir.Embed.Lines;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Hosting;

/// <summary>
/// The requests of a line that have come and are not answered yet: a call has its answer only when that is written, which is after its tool has ended.
/// What its client has cancelled is not answered, and what stands until its client has heard enough is waited for by nobody. Thread-safe.
/// </summary>
/// <param name="most">Most of them; more are refused.</param>
internal sealed class OpenRequests(int most) : IMessageWatch
{
    private readonly HashSet<RequestId> _open = [];
    private bool _isClosed;

    /// <summary>Whether there are any.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_open) return _open.Count == 0;
        }
    }

    /// <summary>Takes no more.</summary>
    public void Close()
    {
        lock (_open) _isClosed = true;
    }

    /// <inheritdoc/>
    public string? Take(JsonRpcMessage message)
    {
        if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } notice)
        {
            if (CancelledIn(notice) is { } cancelled) Give(cancelled);
            return null;
        }

        if (message is not JsonRpcRequest { Method: not RequestMethods.SubscriptionsListen, Id: var id }) return null;
        lock (_open)
        {
            if (_isClosed) return "The host is stopping.";
            if (_open.Count >= most) return $"The host has {most} requests of this line in hand, and that is as many as it may. Try again later.";
            _open.Add(id);
            return null;
        }
    }

    /// <inheritdoc/>
    public void Sent(JsonRpcMessage message)
    {
        if (message is JsonRpcResponse or JsonRpcError) Give(((JsonRpcMessageWithId)message).Id);
    }

    private void Give(RequestId id)
    {
        lock (_open) _open.Remove(id);
    }

    private static RequestId? CancelledIn(JsonRpcNotification notice)
    {
        try
        {
            return notice.Params?["requestId"] is not JsonValue value ? null
                : value.TryGetValue<string>(out var text) ? new RequestId(text)
                : value.TryGetValue<long>(out var number) ? new RequestId(number) : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It names nothing that can be read; who is to cancel says so.
            return null;
        }
    }
}
