using System.Buffers;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>The state of one engine.</summary>
public sealed class RouterState : IRouterState
{
    private readonly RouterEngine _engine;
    private readonly ClientCatalog _legacy;
    private readonly ClientCatalog _modern;

    /// <summary>Creates one.</summary>
    public RouterState(RouterEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        _legacy = new ClientCatalog(engine.Store, engine.All, Era.Legacy, ClientProfile.Plain, null);
        _modern = engine.ModernCatalog(engine.All);
        engine.ServerChanged += pool => ServerChanged?.Invoke(pool.Model.Name);
    }

    /// <inheritdoc/>
    public event Action<string>? ServerChanged;

    /// <inheritdoc/>
    public IReadOnlyList<ServerSnapshot> Servers
    {
        get
        {
            var (modern, legacy) = (_modern.Refresh(), _legacy.Refresh());
            return [.. _engine.Pools.Select(pool => Snapshot(pool, EraOf(pool) == Era.Modern ? modern : legacy))];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ToolSnapshot> Tools
    {
        get
        {
            var tools = new List<ToolSnapshot>();
            var (modern, legacy) = (_modern.Refresh(), _legacy.Refresh());
            foreach (var pool in _engine.Pools)
            {
                var era = EraOf(pool);
                var list = (era == Era.Modern ? modern : legacy)[ListKind.Tools];
                tools.AddRange(list.Routes.Where(r => ReferenceEquals(r.Pool, pool))
                    .Select(r => new ToolSnapshot(r.Shown, pool.Model.Name, era, IsStale(pool.State), Definition(r))));
            }

            return tools;
        }
    }

    private static Era EraOf(ServerPool pool) => pool.State.Modern is not null ? Era.Modern : Era.Legacy;

    private static byte[] Definition(Route route)
    {
        var output = new ArrayBufferWriter<byte>();
        MergedList.WriteEntry(output, route);
        return output.WrittenSpan.ToArray();
    }

    private static bool IsStale(UpstreamState state) => state.Tools is not null && (state.Status != UpstreamStatus.Ready || state.ListProblems.Count > 0);

    private static ServerSnapshot Snapshot(ServerPool pool, MergedCatalog merged)
    {
        var state = pool.State;
        return new ServerSnapshot(
            pool.Model.Name,
            pool.Transport,
            state.Status,
            state.Tools is not null || state.ListProblems.Count > 0,
            IsStale(state),
            state.Modern ?? state.Legacy,
            state.Tools ?? 0,
            state.Prompts ?? 0,
            state.Resources ?? 0,
            state.Templates ?? 0,
            state.LastError,
            state.ListProblems,
            state.Counts.Garbage,
            state.Counts.Strays,
            [.. state.Hidden, .. ListKinds.All.SelectMany(kind => merged[kind].Hidden).Where(h => ReferenceEquals(h.Pool, pool)).Select(h => h.Reason)]);
    }
}
