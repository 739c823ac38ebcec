using Mimir.Functional.Clients;

namespace Mimir.Faults.World;

/// <summary>A way to the victim, or to one like it in the same weather, without the router between.</summary>
/// <param name="Client">The client.</param>
/// <param name="Owner">What ends with it.</param>
internal sealed record Bypass(RawClient Client, IAsyncDisposable Owner) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Owner.DisposeAsync();
}
