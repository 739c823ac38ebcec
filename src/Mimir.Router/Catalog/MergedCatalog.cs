using System.Collections.Frozen;
using Mimir.Protocol.Revisions;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>The four merged lists at one moment. Immutable.</summary>
public sealed class MergedCatalog
{
    private readonly MergedList[] _lists;
    private readonly IReadOnlyList<ServerPool>[] _missing;
    private readonly IReadOnlySet<ServerPool>[] _standIns;
    private readonly MergedList? _behind;

    internal MergedCatalog(long epoch, MergedList[] lists, IReadOnlyList<ServerPool>[] missing, IReadOnlySet<ServerPool>[] standIns, MergedList? behind = null)
    {
        _behind = behind;
        Epoch = epoch;
        _lists = lists;
        _missing = missing;
        _standIns = standIns;
    }

    /// <summary>The state of the store it was made from.</summary>
    public long Epoch { get; }

    /// <summary>Servers whose list of this kind was not seen (yet) over this client's own connection.</summary>
    public IReadOnlyList<ServerPool> Missing(ListKind kind) => _missing[(int)kind];

    /// <summary>True for a server in whose list stands what others list, because it has never been there.</summary>
    internal bool StandsIn(ListKind kind, ServerPool pool) => _standIns[(int)kind].Contains(pool);

    /// <summary>One of the lists: what clients are shown, and may name.</summary>
    public MergedList this[ListKind kind] => _lists[(int)kind];

    /// <summary>The same with the tools that clients in meta mode reach by those they are shown.</summary>
    public MergedList Offered(ListKind kind) => kind == ListKind.Tools && _behind is not null ? _behind : _lists[(int)kind];

    internal static MergedCatalog Empty(Era era)
    {
        var lists = new MergedList[ListKinds.Count];
        foreach (var kind in ListKinds.All)
        {
            lists[(int)kind] = new MergedList(kind, era == Era.Modern, [], [], 0, isPublic: false, 1000);
        }

        return new MergedCatalog(0, lists, [[], [], [], []], [.. ListKinds.All.Select(static _ => FrozenSet<ServerPool>.Empty)]);
    }
}
