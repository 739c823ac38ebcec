using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Revisions;
using Mimir.Router.Bridging;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.State.Health;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>The state of one engine.</summary>
public sealed class RouterState : IRouterState
{
    private readonly RouterEngine _engine;
    private readonly View _view;
    private readonly ClientCatalog _legacy;
    private readonly ClientCatalog _modern;

    /// <summary>Creates one.</summary>
    /// <param name="engine">The router.</param>
    /// <param name="view">Whose clients' names are told; null for those of the operator, who is given all servers.</param>
    public RouterState(RouterEngine engine, View? view = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        _view = view ?? engine.Whole;
        _legacy = new ClientCatalog(engine.Store, _view, Era.Legacy, ClientProfile.Plain, null);
        _modern = engine.ModernCatalog(_view);
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
            return [.. _engine.Pools.Where(pool => !pool.Model.IsOwn && _view.Holds(pool)).Select(pool => Snapshot(pool, pool.ShownEra == Era.Modern ? modern : legacy))];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ToolSnapshot> Tools
    {
        get
        {
            if (_view.IsMeta)
            {
                return [.. MetaTools.All(Revision.All[^1]).Select(static t => new ToolSnapshot(t.Key, ManagementModel.ServerName, Era.Modern, false, t.Json))];
            }

            var tools = new List<ToolSnapshot>();
            var (modern, legacy) = (_modern.Refresh(), _legacy.Refresh());
            foreach (var pool in _engine.Pools)
            {
                var era = pool.ShownEra;
                var list = (era == Era.Modern ? modern : legacy)[ListKind.Tools];
                tools.AddRange(list.Routes.Where(r => ReferenceEquals(r.Pool, pool))
                    .Select(r => new ToolSnapshot(r.Shown, pool.Model.Name, era, IsStale(pool.State), Definition(r))));
            }

            return tools;
        }
    }

    /// <inheritdoc/>
    public RouteExplanation Explain(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if ((RouteExplainer.Listed(_engine, _modern, name) ?? RouteExplainer.Listed(_engine, _legacy, name)) is { } listed)
        {
            return listed;
        }

        // What clients were listed may not have been seen here yet: whoever asks again finds it.
        var unlisted = RouteExplainer.Unlisted(_engine, _modern, name);
        _modern.Warm();
        return unlisted;
    }

    /// <inheritdoc/>
    public ServerInspection? Inspect(string server)
    {
        if (_engine.PoolOf(server) is not { } pool || Servers.FirstOrDefault(s => s.Name == server) is not { } snapshot)
        {
            return null;
        }

        var handshake = pool.LastHandshake(pool.ShownEra);
        return new ServerInspection(
            snapshot,
            handshake?.Title ?? "",
            handshake is null ? default : Encoding.UTF8.GetBytes(handshake.Capabilities is { ValueKind: JsonValueKind.Object } declared ? declared.GetRawText() : "{}"),
            handshake is null ? [] : [.. Revision.All.Select(r => (r, EraTable.For(handshake, r)))],
            pool.Habits.AsksUnattributed);
    }

    private static byte[] Definition(Route route)
    {
        var output = new ArrayBufferWriter<byte>();
        MergedList.WriteEntry(output, route);
        return output.WrittenSpan.ToArray();
    }

    private static bool IsStale(UpstreamState state) => state.Tools is not null
        && (state.Status is not (UpstreamStatus.Ready or UpstreamStatus.Degraded or UpstreamStatus.Hibernated) || state.ListProblems.Count > 0);

    private static ServerSnapshot Snapshot(ServerPool pool, MergedCatalog merged)
    {
        var state = pool.State;
        var objection = !state.Life.IsOffered || state.Status is UpstreamStatus.Backoff or UpstreamStatus.Failed or UpstreamStatus.NeedsAuth
            ? state.LastError.Length > 0 ? state.LastError : state.Status == UpstreamStatus.Quarantined ? $"it is set aside: {state.Life.History[^1].Reason}" : $"it is {UpstreamLife.Word(state.Status)}"
            : pool.Health.Objection ?? "";
        return new ServerSnapshot(
            pool.Model.Name,
            pool.Transport,
            state.Status,
            state.Tools is not null || state.ListProblems.Count > 0,
            IsStale(state),
            pool.ShownEra == Era.Modern ? state.Modern : state.Legacy ?? state.Modern,
            state.Tools ?? 0,
            state.Prompts ?? 0,
            state.Resources ?? 0,
            state.Templates ?? 0,
            state.LastError,
            state.ListProblems,
            state.Counts.Garbage,
            state.Counts.Strays,
            [.. state.Hidden, .. ListKinds.All.SelectMany(kind => merged[kind].Hidden).Where(h => ReferenceEquals(h.Pool, pool)).Select(h => h.Reason)])
        {
            Model = pool.Model,
            Health = new HealthSnapshot(
                objection.Length == 0,
                objection,
                pool.Health.Breaker?.State ?? BreakerState.Closed,
                pool.Health.Breaker is not null,
                pool.Health.Failures,
                pool.Health.LastFailure,
                pool.Health.Gate.Open,
                pool.Health.Gate.Waiting),
        };
    }
}
