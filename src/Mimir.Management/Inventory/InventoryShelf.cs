using System.Collections.Immutable;

namespace Mimir.Management.Inventory;

/// <summary>
/// What of the inventory everybody may know now: clients all of it, each plugin what its <c>inventory_access</c> lets through, and who is not
/// on it nothing. Replaced as a whole when the configuration changes. Thread-safe.
/// </summary>
public sealed class InventoryShelf
{
    private volatile Held _held = new(InventoryContent.Empty, ImmutableDictionary<string, InventoryContent>.Empty);

    /// <summary>Told that something may be different now. On the thread that replaced it: must not block.</summary>
    public event Action? Replaced;

    /// <summary>The inventory as clients see it that are given all of it.</summary>
    public InventoryContent Whole => _held.Whole;

    /// <summary>The plugins that may ask for something, by their names.</summary>
    public IEnumerable<string> Plugins => _held.Plugins.Keys;

    /// <summary>Puts other contents in the place of the ones before.</summary>
    /// <param name="whole">The inventory.</param>
    /// <param name="plugins">What each plugin may know of it, by its name.</param>
    public void Replace(InventoryContent whole, ImmutableDictionary<string, InventoryContent> plugins)
    {
        _held = new Held(whole, plugins);
        Replaced?.Invoke();
    }

    /// <summary>What a plugin may know; null when it may ask for nothing.</summary>
    public InventoryContent? Of(string plugin) => _held.Plugins.GetValueOrDefault(plugin);

    private sealed record Held(InventoryContent Whole, ImmutableDictionary<string, InventoryContent> Plugins);
}
