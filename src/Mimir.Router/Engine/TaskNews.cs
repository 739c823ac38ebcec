using Mimir.Protocol.Envelopes;
using Mimir.Router.Bridging;

namespace Mimir.Router.Engine;

/// <summary>Brings news of the tasks that are kept for modern clients to those that listen.</summary>
internal sealed class TaskNews(RouterEngine engine) : ITaskNews
{
    /// <inheritdoc/>
    public bool IsWatched(string server, string id) => engine.PoolOf(server) is { } pool && engine.Listens.IsWatched(pool, id);

    /// <inheritdoc/>
    public void Changed(string server, string? tool, ReadOnlySpan<byte> notification)
    {
        if (engine.PoolOf(server) is { } pool && EnvelopeScanner.Scan(notification, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok)
        {
            engine.Listens.TaskChanged(pool, notification, envelope, tool);
        }
    }
}
