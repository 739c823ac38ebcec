using System.Text;
using Mimir.Protocol.Headers;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>Where a name or uri that clients see leads. Immutable.</summary>
public sealed class Route
{
    /// <summary>Creates one.</summary>
    /// <param name="slot">The connection slot calls to it use.</param>
    /// <param name="entry">The entry as the server sent it.</param>
    /// <param name="shown">The name or uri clients see.</param>
    public Route(ConnectionSlot slot, CatalogEntry entry, string shown)
    {
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(entry);
        Slot = slot;
        Entry = entry;
        Shown = shown;
        IsRenamed = !string.Equals(entry.Key, shown, StringComparison.Ordinal);
        HeaderName = HeaderValue.Encode(entry.Utf8Key);
        Raw = entry.RawKey.ToArray();
    }

    /// <summary>The server.</summary>
    public ServerPool Pool => Slot.Pool;

    /// <summary>The connection slot calls to it use.</summary>
    public ConnectionSlot Slot { get; }

    /// <summary>The entry as the server sent it.</summary>
    public CatalogEntry Entry { get; }

    /// <summary>All servers that can take it, this one among them; null when it is the only one.</summary>
    public RouteChoice? Choice { get; init; }

    /// <summary>The name or uri clients see.</summary>
    public string Shown { get; }

    /// <summary>True when the server knows it by another name.</summary>
    public bool IsRenamed { get; }

    /// <summary>The server's name for it as the inside of a JSON string.</summary>
    public byte[] Raw { get; }

    /// <summary>The server's name for it as a header value.</summary>
    public string HeaderName { get; }

    /// <summary>The shown name as UTF-8.</summary>
    public byte[] Utf8Shown => Encoding.UTF8.GetBytes(Shown);
}
