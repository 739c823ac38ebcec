using System.Collections.Immutable;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>The selection of servers behind one URL. It stays the same when the configuration changes; what it holds is replaced at once.</summary>
public sealed class View
{
    private volatile ViewContent _content;

    /// <summary>Creates one.</summary>
    /// <param name="name">The server's name for a view of one server, else null.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="space">The namespace's name for the view of one, else null.</param>
    public View(string? name, ViewContent content, string? space = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        (Name, Namespace) = (name, space);
        _content = content;
    }

    /// <summary>The server's name, or null for a view of several.</summary>
    public string? Name { get; }

    /// <summary>The namespace's name, for a view that is asked for by it; else null.</summary>
    public string? Namespace { get; }

    /// <summary>Whom clients that come in here count as, as long as nothing else is known of them. Never equal for two views of one router.</summary>
    public string Principal => Namespace is { } space ? "\r" + space : Name ?? "";

    /// <summary>The servers in configured order.</summary>
    public ImmutableArray<ServerPool> Pools => _content.Pools;

    /// <summary>What is said of clusters.</summary>
    public ImmutableArray<ClusterModel> Clusters => _content.Clusters;

    /// <summary>How names are made.</summary>
    public NamingModel Naming => _content.Naming;

    /// <summary>Bounds.</summary>
    public LimitsModel Limits => _content.Limits;

    /// <summary>Why nobody is served here, and what to do; null when clients are.</summary>
    public string? Refusal => _content.Refusal;

    /// <summary>True when names, uris and task ids pass as they are because nothing can collide.</summary>
    public bool IsSingle => _content is { Pools.Length: 1, Naming.Prefix: PrefixMode.Never };

    /// <summary>Why something of a server may not be seen and called here; null when it may.</summary>
    /// <param name="pool">The server.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="key">The server's own name of it, or its uri.</param>
    public string? Objection(ServerPool pool, ListKind kind, string key)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return _content.Access.Objection(pool.Model.Name, kind, key);
    }

    /// <summary>Whether anything is shown of tools instead of what their servers say.</summary>
    internal bool HasDisguises => _content.Disguises is not null;

    /// <summary>The names that tools are shown by instead of their own.</summary>
    internal IEnumerable<string> ChosenNames => _content.Disguises?.Names ?? [];

    /// <summary>What is shown of a tool instead of what its server says; null when nothing is.</summary>
    /// <param name="owner">The server's name, or its cluster's.</param>
    /// <param name="tool">The server's own name of it.</param>
    internal Disguise? DisguiseOf(string owner, string tool) => _content.Disguises?.Find(owner, tool);

    /// <summary>Whether something is shown otherwise, so that it cannot be called by a name that is not listed: what is hidden of it would be missing.</summary>
    internal bool IsDisguised(ServerPool pool, ListKind kind, string name) => kind == ListKind.Tools && _content.Disguises?.IsLikeOne(MetaIndex.InstanceOf(pool), name) == true;

    /// <summary>Whether tools are found and called by those of meta mode, and not listed one by one.</summary>
    public bool IsMeta => _content.IsMeta;

    /// <summary>Whether nothing that a server may ever offer is denied or shown otherwise here.</summary>
    public bool IsUnbounded(ServerPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return !HasDisguises && !IsMeta && _content.Access.IsUnbounded(pool.Model.Name);
    }

    /// <summary>Whether anything of anybody may be denied here.</summary>
    public bool IsBounded => _content.Access.IsBounded;

    /// <summary>Whether a server is one of those that are offered here.</summary>
    public bool Holds(ServerPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return _content.Access.Holds(pool.Model.Name);
    }

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
    internal void Replace(ViewContent content) => _content = content;
}
