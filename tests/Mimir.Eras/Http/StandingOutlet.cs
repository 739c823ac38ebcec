using Mimir.Eras.Server;
using Mimir.Eras.Wire;

namespace Mimir.Eras.Http;

/// <summary>A peer's standing stream, which no answer ends.</summary>
internal sealed class StandingOutlet(Peer peer) : IOutlet
{
    /// <inheritdoc/>
    public Task SendAsync(string json, bool final = false, int status = 200) => peer.TellAsync(json);

    /// <inheritdoc/>
    public Task CloseAsync() => Task.CompletedTask;
}
