using System.Collections.Immutable;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>The selection of servers behind one URL. It stays the same when the configuration changes; what it holds is replaced at once.</summary>
public sealed class View
{
    private volatile Content _content;

    /// <summary>Creates one.</summary>
    /// <param name="name">The server's name for a view of one server, null for all.</param>
    /// <param name="pools">The servers in configured order.</param>
    /// <param name="naming">How names are made; a view of one server passes them as they are.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="clusters">What is said of clusters; a view of one server has none.</param>
    public View(string? name, ImmutableArray<ServerPool> pools, NamingModel naming, LimitsModel limits, ImmutableArray<ClusterModel> clusters = default)
    {
        Name = name;
        _content = Fill(pools, naming, limits, clusters);
    }

    /// <summary>The server's name, or null for all servers.</summary>
    public string? Name { get; }

    /// <summary>The servers in configured order.</summary>
    public ImmutableArray<ServerPool> Pools => _content.Pools;

    /// <summary>What is said of clusters.</summary>
    public ImmutableArray<ClusterModel> Clusters => _content.Clusters;

    /// <summary>How names are made.</summary>
    public NamingModel Naming => _content.Naming;

    /// <summary>Bounds.</summary>
    public LimitsModel Limits => _content.Limits;

    /// <summary>True when names, uris and task ids pass as they are because nothing can collide.</summary>
    public bool IsSingle => _content is { Pools.Length: 1, Naming.Prefix: PrefixMode.Never };

    /// <summary>Finds a server by its tag.</summary>
    public ServerPool? ByPrefix(ReadOnlySpan<byte> prefix)
    {
        foreach (var pool in Pools)
        {
            if (System.Text.Ascii.Equals(prefix, pool.Model.Tag))
            {
                return pool;
            }
        }

        return null;
    }

    /// <summary>Puts what the configuration says now in the place of what it said.</summary>
    internal void Replace(ImmutableArray<ServerPool> pools, NamingModel naming, LimitsModel limits, ImmutableArray<ClusterModel> clusters) =>
        _content = Fill(pools, naming, limits, clusters);

    private Content Fill(ImmutableArray<ServerPool> pools, NamingModel naming, LimitsModel limits, ImmutableArray<ClusterModel> clusters) => Name is null
        ? new Content(pools, naming, limits, clusters.IsDefault ? [] : clusters)
        : new Content(pools, naming with { Prefix = PrefixMode.Never }, limits, []);

    private sealed record Content(ImmutableArray<ServerPool> Pools, NamingModel Naming, LimitsModel Limits, ImmutableArray<ClusterModel> Clusters);
}
