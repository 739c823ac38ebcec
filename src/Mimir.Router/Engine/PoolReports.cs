using System.Security.Cryptography;
using Mimir.Protocol.Revisions;
using Mimir.Router.Bridging;
using Mimir.Router.Catalog;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>What servers, their connections and their lists report, and who is told. Thread-safe.</summary>
internal sealed class PoolReports(RouterEngine engine)
{
    /// <summary>Told when a server's state or lists changed.</summary>
    public Action<ServerPool>? Changed { get; set; }

    /// <summary>Told of every transition in the life of a server.</summary>
    public Action<UpstreamTransition>? LifeChanged { get; set; }

    /// <summary>Listens to a server from now on.</summary>
    public void Hear(ServerPool pool)
    {
        pool.Changed += OnPoolChanged;
        pool.EraChanged += OnEraChanged;
        pool.Left += engine.Keeper.Lost;
        pool.Health.Changed += () => Tell(pool);
        pool.State.Life.Changed += transition => OnLifeChanged(pool, transition);
    }

    /// <summary>Says that a server's state or lists changed.</summary>
    public void Tell(ServerPool pool) => Changed?.Invoke(pool);

    /// <summary>Lists were fetched.</summary>
    public void OnListsChanged(SlotLists lists, IReadOnlyList<ListKind>? changed)
    {
        var pool = lists.Slot.Pool;
        if (changed is { Count: > 0 })
        {
            engine.News.Tell(pool, catalog => ReferenceEquals(catalog.SlotOf(pool), lists.Slot));
        }

        Tell(pool);
    }

    /// <summary>A tool means something else than its clients were told: kept, for whoever trusts a tool by what it said of itself.</summary>
    public void OnRedefined(ServerPool pool, CatalogEntry before, CatalogEntry after) => engine.Recorder?.Add(new ChangeRecord("tool_changed")
    {
        Server = pool.Model.Name,
        Name = after.Key,
        Before = Fingerprint(before),
        After = Fingerprint(after),
    });

    /// <summary>Tells a server that has just been connected to, or has forgotten us, what its clients wanted of it.</summary>
    public void Restore(ConnectionSlot slot, UpstreamConnection connection)
    {
        if (slot.Owner is not BridgeLane { Number: > 0 })
        {
            // What was listed over an earlier connection, or by another client's, may be different here. Further lanes show no lists.
            engine.Store.For(slot).MarkAllDirty();
        }

        if (slot.Era == Era.Modern)
        {
            _ = engine.Attendances.Attend(slot.Pool);
            return;
        }

        LogLevels.Apply(connection, engine);
        Subscriptions.Restore(connection, engine);
        engine.Watches.Forget(connection);
        _ = engine.Watches.AlignAsync(slot);
    }

    private static string Fingerprint(CatalogEntry entry) => Convert.ToHexStringLower(SHA256.HashData(entry.Json).AsSpan(0, 16));

    private void OnPoolChanged(ServerPool pool, ConnectionSlot slot)
    {
        if (slot.Live is { } connection)
        {
            Restore(slot, connection);
        }
        else
        {
            engine.Keeper.Lost(pool);
        }

        Tell(pool);
    }

    private void OnLifeChanged(ServerPool pool, UpstreamTransition transition)
    {
        LifeChanged?.Invoke(transition);
        if (transition.To is UpstreamStatus.Failed or UpstreamStatus.Quarantined)
        {
            engine.Recorder?.Add(new ChangeRecord(transition.To == UpstreamStatus.Failed ? "server_failed" : "server_quarantined") { Server = transition.Server, Detail = transition.Reason });
        }

        if (UpstreamLife.IsOfferedIn(transition.From) != UpstreamLife.IsOfferedIn(transition.To))
        {
            // What is out of service is not listed.
            engine.Store.Stir();
            engine.News.Tell(pool, static _ => true);
        }
        else if (transition.To is UpstreamStatus.Backoff or UpstreamStatus.Failed or UpstreamStatus.NeedsAuth && StandIns.HasFallbacks(pool))
        {
            // What others take for it can be listed now, if it never listed anything.
            engine.Store.Stir();
            engine.News.Tell(pool, static _ => true);
        }

        Tell(pool);
    }

    /// <summary>Clients of an era use other connections to the server than before, whose lists may be different.</summary>
    private void OnEraChanged(ServerPool pool)
    {
        engine.Store.Stir();
        engine.News.Tell(pool, static _ => true);
    }
}
