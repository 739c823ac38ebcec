using System.Collections.Concurrent;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// Keeps servers there for whoever is there: starts those that start by themselves, and opens connections again that broke, or could not
/// be opened, while a client wants them. Who only listens asks for nothing that would find the server. Thread-safe.
/// </summary>
internal sealed class Keeper(RouterEngine engine)
{
    private const long StoodMs = 10_000;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<Watched, Patience> _known = new();

    /// <summary>Starts the servers that start by themselves.</summary>
    public void Begin()
    {
        foreach (var pool in engine.Pools.Where(p => p.Model.Autostart))
        {
            Seek(new Watched(null, pool));
        }
    }

    /// <summary>A connection to a server is gone, or could not be opened.</summary>
    public void Lost(ServerPool pool)
    {
        if (engine.IsDisposed)
        {
            return;
        }

        foreach (var watched in Waiting(pool))
        {
            Seek(watched);
        }
    }

    /// <summary>Forgets those nobody waits for any more.</summary>
    public void Sweep()
    {
        foreach (var (watched, patience) in _known)
        {
            if (!patience.IsBusy && !Waiting(watched.Pool).Contains(watched))
            {
                _known.TryRemove(watched, out _);
            }
        }
    }

    private void Seek(Watched watched)
    {
        var patience = _known.GetOrAdd(watched, static w => new Patience(new Backoff(w.Pool.Clock, FirstPause, LongestPause)));
        if (patience.TryBegin())
        {
            _ = OpenAsync(watched, patience);
        }
    }

    private async Task OpenAsync(Watched watched, Patience patience)
    {
        var pool = watched.Pool;
        try
        {
            // A server that ends again and again soon after it was started is started more and more seldom.
            if (pool.Clock.Now - patience.OpenedAt > StoodMs)
            {
                patience.Backoff.Reset();
            }

            while (true)
            {
                var pause = Math.Max((long)patience.Backoff.Next().TotalMilliseconds, watched.PauseMs);
                await Task.Delay(TimeSpan.FromMilliseconds(pause), pool.Clock.Time).ConfigureAwait(false);
                if (!IsMissed(watched))
                {
                    break;
                }

                try
                {
                    // Whoever is told of a connection that was opened sets it up.
                    await watched.OpenAsync().ConfigureAwait(false);
                    patience.OpenedAt = pool.Clock.Now;
                    break;
                }
                catch (ConnectFailure)
                {
                    // Not yet.
                }
            }
        }
        finally
        {
            patience.End();
        }

        if (IsMissed(watched))
        {
            // It was lost again before anybody could be told.
            Seek(watched);
        }
    }

    private bool IsMissed(Watched watched) =>
        !engine.IsDisposed && !watched.IsThere && watched.Pool.State.Life.IsOffered && watched.Pool.State.Status is not (UpstreamStatus.Hibernated or UpstreamStatus.NeedsAuth)
        && Waiting(watched.Pool).Contains(watched);

    /// <summary>Who wants a server to be there.</summary>
    private IEnumerable<Watched> Waiting(ServerPool pool)
    {
        var prefix = Subscriptions.Key(pool, "");
        var sessions = engine.Sessions.Where(s => s.View.Pools.Contains(pool) && s.Catalog is not null);
        var listens = engine.Listens.Catalogs.Where(c => c.View.Pools.Contains(pool)).ToList();
        var catalogs = sessions.Where(s => s.Subscribed(prefix).Count > 0 || s.Catalog!.SlotOf(pool).IsAway).Select(s => s.Catalog).OfType<ClientCatalog>()
            .Concat(listens.Where(c => engine.Listens.Wanted(c.SlotOf(pool)).Uris.Count > 0 || c.SlotOf(pool).IsAway));
        if (pool.Model.Transport is HttpModel)
        {
            // Who comes back at a URL may be another server, in another era: one of those who hear of its lists finds that out for all.
            catalogs = catalogs.Concat(sessions.Select(s => s.Catalog).OfType<ClientCatalog>().Take(1)).Concat(listens.Take(1));
        }

        var waiting = catalogs.Distinct().Select(c => new Watched(c, pool));
        return pool.Model.Autostart ? waiting.Append(new Watched(null, pool)) : waiting;
    }

    /// <summary>A server, and for whom it is to be there.</summary>
    /// <param name="Catalog">The lists of clients of a kind; null for the router itself.</param>
    /// <param name="Pool">The server.</param>
    private sealed record Watched(ClientCatalog? Catalog, ServerPool Pool)
    {
        public bool IsThere => Catalog is null ? Pool.Slots.Any(s => s.Live is not null) : Catalog.SlotOf(Pool).Live is not null;

        /// <summary>How long no attempt is due, in milliseconds.</summary>
        public long PauseMs => Pool.PauseMs(Catalog is null ? Pool.Modern() : Catalog.SlotOf(Pool));

        public Task OpenAsync() => Catalog is null ? Pool.ProbeAsync() : Catalog.OpenAsync(Pool);
    }

    /// <summary>How a server was kept open so far.</summary>
    private sealed class Patience(Backoff backoff)
    {
        private int _busy;

        public Backoff Backoff { get; } = backoff;

        public long OpenedAt { get; set; } = long.MinValue / 2;

        public bool IsBusy => Volatile.Read(ref _busy) != 0;

        public bool TryBegin() => Interlocked.Exchange(ref _busy, 1) == 0;

        public void End() => Volatile.Write(ref _busy, 0);
    }
}
