using System.Collections.Immutable;

namespace Mimir.Router.Catalog;

/// <summary>One list of one server, all pages. Immutable.</summary>
public sealed record ServerList
{
    /// <summary>No entries.</summary>
    public static readonly ServerList Empty = new();

    /// <summary>The entries in the server's order.</summary>
    public ImmutableArray<CatalogEntry> Entries { get; init; } = [];

    /// <summary>What was hidden, with the reason.</summary>
    public ImmutableArray<string> Hidden { get; init; } = [];

    /// <summary>How long it may be kept, as the server said; 0 when it said nothing.</summary>
    public long TtlMs { get; init; }

    /// <summary>True when every page may be shared between callers.</summary>
    public bool Public { get; init; }

    /// <summary>Tells whether two lists would be shown alike.</summary>
    public bool Shows(ServerList other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Entries.Length != other.Entries.Length || TtlMs != other.TtlMs || Public != other.Public)
        {
            return false;
        }

        for (var i = 0; i < Entries.Length; i++)
        {
            if (!Entries[i].Json.AsSpan().SequenceEqual(other.Entries[i].Json))
            {
                return false;
            }
        }

        return true;
    }
}
