using Mimir.Protocol.Envelopes;
using Mimir.Router.Sessions;

namespace Mimir.Router.Engine;

/// <summary>Brings what legacy clients send unasked to those it is meant for.</summary>
public static class ClientNews
{
    /// <summary>Takes a notification of a legacy client.</summary>
    public static void Take(ClientSession session, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(session);
        switch (envelope.Method)
        {
            case McpMethod.Initialized:
                session.Catalog?.Warm();
                break;
            case McpMethod.Cancelled when envelope.RequestId.Exists:
                session.Withdraw(envelope.RequestId.Of(frame), Reasons.Of(frame, envelope));
                break;
            case McpMethod.Progress when envelope.NotifiedToken.Exists:
                session.Asking.TakeProgress(frame, envelope);
                break;
            case McpMethod.TasksStatus:
                session.Asking.TakeTaskStatus(frame, envelope);
                break;
            case McpMethod.RootsListChanged or McpMethod.Unknown:
                ToOwnConnections(session, frame, envelope.Method);
                break;
            default:
                break;
        }
    }

    /// <summary>What a client says to all its servers goes to the connections it has for itself.</summary>
    private static void ToOwnConnections(ClientSession session, ReadOnlySpan<byte> frame, McpMethod method)
    {
        byte[]? copy = null;
        foreach (var pool in session.View.Pools)
        {
            if ((method != McpMethod.Unknown || session.View.IsUnbounded(pool)) && session.Catalog?.SlotOf(pool) is { Owner: not null, Live: { } connection })
            {
                _ = connection.NotifyAsync(copy ??= frame.ToArray(), method).AsTask();
            }
        }
    }
}
