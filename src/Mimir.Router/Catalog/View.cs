using System.Collections.Immutable;
using Mimir.Router.Model;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>The selection of servers behind one URL.</summary>
public sealed class View
{
    /// <summary>Creates one.</summary>
    /// <param name="name">The server's name for a view of one server, null for all.</param>
    /// <param name="pools">The servers in configured order.</param>
    /// <param name="naming">How names are made; a view of one server passes them as they are.</param>
    /// <param name="limits">Bounds.</param>
    public View(string? name, ImmutableArray<ServerPool> pools, NamingModel naming, LimitsModel limits)
    {
        Name = name;
        Pools = pools;
        Limits = limits;
        Naming = name is null ? naming : naming with { Prefix = PrefixMode.Never };
    }

    /// <summary>The server's name, or null for all servers.</summary>
    public string? Name { get; }

    /// <summary>The servers in configured order.</summary>
    public ImmutableArray<ServerPool> Pools { get; }

    /// <summary>How names are made.</summary>
    public NamingModel Naming { get; }

    /// <summary>Bounds.</summary>
    public LimitsModel Limits { get; }

    /// <summary>True when names, uris and task ids pass as they are because nothing can collide.</summary>
    public bool IsSingle => Pools.Length == 1 && Naming.Prefix == PrefixMode.Never;

    /// <summary>Finds a server by its prefix.</summary>
    public ServerPool? ByPrefix(ReadOnlySpan<byte> prefix)
    {
        foreach (var pool in Pools)
        {
            if (System.Text.Ascii.Equals(prefix, pool.Model.Prefix))
            {
                return pool;
            }
        }

        return null;
    }
}
