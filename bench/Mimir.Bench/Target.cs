using Mimir.Load;

namespace Mimir.Bench;

/// <summary>Something to load, greeted and ready.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Peer">Its front.</param>
/// <param name="Process">The process whose time is measured; null for the direct line.</param>
/// <param name="Tool">What its echo tool is called there.</param>
internal sealed record Target(Kind Kind, IPeer Peer, Launched? Process, string Tool) : IDisposable
{
    public void Dispose() => Peer.Dispose();
}
