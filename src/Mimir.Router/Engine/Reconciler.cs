using System.Collections.Concurrent;
using System.Collections.Immutable;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// Carries what the configuration says over to the servers that run. A server of which it says what it said before keeps its processes,
/// connections, breaker and subscriptions. One of which it says something else is run anew beside its former self, which ends with its
/// last call. Thread-safe.
/// </summary>
/// <param name="engine">The router.</param>
/// <param name="setup">What every server needs of the house.</param>
internal sealed class Reconciler(RouterEngine engine, PoolSetup setup)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<ServerPool, ServerPool> _leaving = new();

    /// <summary>Servers that are not in the configuration any more, or run anew, and have calls open.</summary>
    public IEnumerable<ServerPool> Leaving => _leaving.Keys;

    /// <summary>Makes the servers of a first configuration.</summary>
    /// <param name="model">Everything wanted.</param>
    public RouterSnapshot Begin(RouterModel model)
    {
        var shared = RouteRules.Shared(model);
        ImmutableArray<ServerPool> pools = [.. model.Servers.Select(s => Make(s, shared))];
        foreach (var pool in pools)
        {
            Isolation.SetAside(pool, pool.Model.Quarantine);
        }

        return new RouterSnapshot(
            model, pools, pools.ToDictionary(p => p.Model.Name, p => ViewOf(p, model), StringComparer.Ordinal), Namespaces(pools, model, former: null));
    }

    /// <summary>Takes over another configuration. Waits for nothing: servers come and go besides.</summary>
    /// <param name="model">Everything wanted.</param>
    public ReloadOutcome Apply(RouterModel model)
    {
        RouterSnapshot before, after;
        lock (_gate)
        {
            before = engine.Snapshot;
            engine.Snapshot = after = Next(before, model);
            engine.All.Replace(ViewContent.OfDefault(after.Pools, model));
            engine.Whole.Replace(ViewContent.OfAll(after.Pools, model));
            engine.Store.Stir();
        }

        var fresh = after.Pools.Except(before.Pools).ToList();
        var gone = before.Pools.Except(after.Pools).ToList();
        foreach (var view in Gone(before.Views, after.Views).Concat(Gone(before.Namespaces, after.Namespaces)))
        {
            Close(view);
        }

        foreach (var pool in gone)
        {
            _leaving[pool] = pool;
            var successor = after.Views.GetValueOrDefault(pool.Model.Name)?.Pools[0];
            _ = LeaveAsync(
                pool, successor is null ? "it is not in the configuration any more" : "its configuration has changed", isAside: successor is { Model.Quarantine: not null });
        }

        var isolated = Isolation.Apply(before, after, Welcome);
        SetApart(after.Pools);
        EndOutside(after.Pools);
        engine.News.Tell();
        if (before.Model.Permissions != model.Permissions)
        {
            // Whose selection has grown may see servers that were never asked for their lists.
            foreach (var catalog in InUse())
            {
                catalog.Warm();
            }
        }

        foreach (var pool in fresh)
        {
            Welcome(pool);
        }

        return new ReloadOutcome(
            [.. fresh.Where(static p => !p.Model.IsOwn).Select(NameOf).Where(name => !before.Views.ContainsKey(name))],
            [.. fresh.Concat(isolated).Where(static p => !p.Model.IsOwn).Select(NameOf).Where(before.Views.ContainsKey)],
            [.. gone.Where(static p => !p.Model.IsOwn).Select(NameOf).Where(name => !after.Views.ContainsKey(name))])
        {
            HasOther = before.Model with { Servers = [] } != model with { Servers = [], Clusters = before.Model.Clusters } || !before.Model.Clusters.SequenceEqual(model.Clusters),
        };
    }

    private static string NameOf(ServerPool pool) => pool.Model.Name;

    private static IEnumerable<View> Gone(IReadOnlyDictionary<string, View> before, IReadOnlyDictionary<string, View> after) =>
        before.Where(v => !after.ContainsKey(v.Key)).Select(static v => v.Value);

    private static View ViewOf(ServerPool pool, RouterModel model) => new(pool.Model.Name, ViewContent.Of(pool, model));

    /// <summary>The views of the namespaces; those that were there before stay what their clients hold.</summary>
    private static Dictionary<string, View> Namespaces(ImmutableArray<ServerPool> pools, RouterModel model, IReadOnlyDictionary<string, View>? former)
    {
        var views = new Dictionary<string, View>(StringComparer.Ordinal);
        foreach (var space in model.Permissions.Namespaces)
        {
            var content = ViewContent.Of(space, pools, model);
            if (former?.GetValueOrDefault(space.Name) is { } view)
            {
                view.Replace(content);
                views.Add(space.Name, view);
            }
            else
            {
                views.Add(space.Name, new View(null, content, space.Name));
            }
        }

        return views;
    }

    private RouterSnapshot Next(RouterSnapshot before, RouterModel model)
    {
        var shared = RouteRules.Shared(model);
        setup.Limits = model.Limits;
        setup.Budget.Set(model.Limits);
        engine.Bridge.Limits = model.Limits;
        var pools = ImmutableArray.CreateBuilder<ServerPool>(model.Servers.Length);
        var views = new Dictionary<string, View>(StringComparer.Ordinal);
        foreach (var server in model.Servers)
        {
            var former = before.Views.GetValueOrDefault(server.Name);
            var pool = former?.Pools[0];
            if (pool is not null && pool.Model == server)
            {
                pool.Health.Join(shared.Contains(server.Name));
            }
            else
            {
                var made = Make(server, shared);
                engine.Reports.Hear(made);
                Isolation.SetAside(made, server.Quarantine);
                if (pool is not null)
                {
                    made.Eras.Follow(pool.Eras);
                    engine.Store.Inherit(pool, made);
                }

                pool = made;
            }

            pools.Add(pool);
            former?.Replace(ViewContent.Of(pool, model));
            views.Add(server.Name, former ?? ViewOf(pool, model));
        }

        var all = pools.DrainToImmutable();
        return new RouterSnapshot(model, all, views, Namespaces(all, model, before.Namespaces));
    }

    private ServerPool Make(ServerModel server, IReadOnlySet<string> shared) => new(server, setup, shared.Contains(server.Name));

    /// <summary>Sessions behind the URL of a server that is gone have nothing to talk to.</summary>
    private void Close(View view)
    {
        engine.Listens.End(view);
        foreach (var session in engine.Sessions.Where(s => s.View == view))
        {
            engine.Remove(session);
        }

        engine.Forget(view);
        if (view.Namespace is { } gone)
        {
            // For whoever was just about to come in.
            view.Replace(ViewContent.OfAll([], engine.Model) with { Refusal = $"The namespace {gone} is not in the configuration any more." });
        }
    }

    /// <summary>Sessions that shared all their connections with others share none to a server that each is to have for itself.</summary>
    private void SetApart(ImmutableArray<ServerPool> pools)
    {
        foreach (var session in engine.Sessions)
        {
            if (session.Catalog is { Session: null } shared && pools.Any(p => p.IsPrivate(session.Profile) && session.View.Pools.Contains(p)))
            {
                session.Catalog = shared.For(session);
            }
        }
    }

    /// <summary>A session's own connections to servers that are not in its selection any more have nobody left to talk to, once their calls have ended.</summary>
    private void EndOutside(ImmutableArray<ServerPool> pools)
    {
        foreach (var session in engine.Sessions)
        {
            foreach (var pool in pools.Where(p => !session.View.Holds(p)))
            {
                foreach (var slot in pool.Slots.Where(s => ReferenceEquals(s.Owner, session)))
                {
                    slot.Live?.Retire();
                }
            }
        }
    }

    private IEnumerable<ClientCatalog> InUse() =>
        engine.Sessions.Select(static s => s.Catalog).OfType<ClientCatalog>().Concat(engine.Listens.Catalogs).Distinct();

    /// <summary>Those who are there see what a new server offers as soon as it says so.</summary>
    private void Welcome(ServerPool pool)
    {
        foreach (var catalog in InUse().Where(c => c.View.Pools.Contains(pool)))
        {
            _ = catalog.LoadAsync(pool);
        }

        engine.Keeper.Lost(pool);
        engine.Reports.Tell(pool);
    }

    private async Task LeaveAsync(ServerPool pool, string why, bool isAside)
    {
        await PoolEnd.RunAsync(pool, LifeTrigger.Stop, why, isAside ? TimeSpan.Zero : pool.Model.CallTimeout).ConfigureAwait(false);
        await pool.DisposeAsync().ConfigureAwait(false);
        engine.Store.Forget(pool);
        engine.Attendances.Forget(pool);
        _leaving.TryRemove(pool, out _);
    }
}
