using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>tools/call and prompts/get: routed by name through the explicit map.</summary>
internal static class NamedCalls
{
    private const int MostAttempts = 3;

    public static void Run(ref Request request, RouterEngine engine, ListKind kind)
    {
        if (!request.Envelope.Name.Exists)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.name is missing."));
            return;
        }

        if (kind == ListKind.Tools && request.View.IsMeta)
        {
            MetaCalls.Run(ref request, engine);
        }
        else if (!TryRun(ref request, engine, kind, request.Catalog.Refresh()))
        {
            FindLater(ref request, engine, kind);
        }
    }

    private static void FindLater(ref Request request, RouterEngine engine, ListKind kind) => Later.Run(ref request, kept => FindAndRunAsync(kept, engine, kind));

    private static bool TryRun(ref Request request, RouterEngine engine, ListKind kind, MergedCatalog catalog)
    {
        var inside = request.Envelope.Name.Of(request.Frame);
        var name = request.Envelope.NameEscaped ? JsonText.Decode(inside) : inside;
        var route = catalog[kind].Find(name);
        if (route is null && kind == ListKind.Tools && DottedNames.Plain(name) is { } plain && catalog[kind].Find(plain) is { Pool.Model.IsOwn: true } own)
        {
            route = own;
        }

        // By its own name of it: what it is called here may be another's, and what is set of its arguments is set here as well.
        if (route is { Pool.Model.IsOwn: true } && kind == ListKind.Tools && MetaTools.Find(route.Entry.Utf8Key) is { } meta)
        {
            if (route.Entry.Fixed is { } given && CallArguments.Add(ref request, given) is { } fault)
            {
                request.Refuse(fault);
            }
            else
            {
                MetaCalls.Run(ref request, engine, meta);
            }

            return true;
        }

        if (route is not null)
        {
            Forwarding.Send(ref request, engine, route);
            return true;
        }

        if (request.View.IsSingle && catalog.Missing(kind).Count == 0 && MayAsk(request.View, kind, request.Envelope, inside))
        {
            // One server alone answers itself for names it did not list.
            Forwarding.Send(ref request, engine, request.Catalog.SlotOf(request.View.Pools[0]), default, default);
            return true;
        }

        return false;
    }

    /// <summary>The name is unknown so far: servers that could own it are asked for their lists before it is refused.</summary>
    private static async Task FindAndRunAsync(KeptRequest kept, RouterEngine engine, ListKind kind)
    {
        var name = Encoding.UTF8.GetString(JsonText.Decode(kept.Envelope.Name.Of(kept.Frame)));
        var pools = kept.Catalog.View.Pools;
        var owner = pools.FirstOrDefault(p => PathTaker.Owns(kept.Catalog.View, p, name));
        if (await WaitingCalls.TryAsync(kept, engine, owner, () => kept.Catalog.GetAsync(kind).AsTask()).ConfigureAwait(false) is not { } catalog || TryAgain(kept, engine, kind, catalog))
        {
            return;
        }

        var path = PathTaker.Find(kept.Catalog, kind, name);
        (ServerPool Pool, ConnectFailure Why)? away = null;
        foreach (var pool in pools.Where(p => PathTaker.Owns(kept.Catalog.View, p, name)))
        {
            if (await TryListedAsync(kept, engine, kind, pool).ConfigureAwait(false))
            {
                return;
            }

            if (engine.Successor(pool) != pool)
            {
                // It is run anew: what its former self failed of says nothing.
                await FindAndRunAsync(kept, engine, kind).ConfigureAwait(false);
                return;
            }

            if ((kept.Catalog.FailureOf(pool) ?? LastFailureOf(kept.Catalog.SlotOf(pool))) is not { } failure)
            {
                continue;
            }

            if (StandIns.HasFallbacks(pool) && await TryStandInsAsync(kept, engine, kind, pool, failure).ConfigureAwait(false))
            {
                return;
            }

            // What others take whether it is listed or not need not be known of one of them.
            away ??= path is not null && PathTaker.AreMates(path.Pool, pool) ? null : (pool, failure);
        }

        if (kept.Catalog.View.Pools != pools)
        {
            // Others are there now than those that were asked.
            await FindAndRunAsync(kept, engine, kind).ConfigureAwait(false);
            return;
        }

        if (away is { } first)
        {
            kept.Resume().Refuse(Forwarding.Unavailable(first.Pool, first.Why));
            return;
        }

        if (path is not null && PathTaker.Find(kept.Catalog, kind, name) is { } still)
        {
            path = still;
            var request = kept.Resume();
            Forwarding.Send(ref request, engine, path);
            return;
        }

        var what = kind == ListKind.Tools ? "tool" : "prompt";
        var objection = Objection(kept, kind, name, out var isPublic);
        if (objection is null && Unlisted(kept, kind, name) is { } unlisted)
        {
            kept.Resume().Refuse(unlisted);
            return;
        }

        kept.Resume().Refuse(new RouterError(ErrorCodes.InvalidParams, isPublic ? $"'{name}' is denied: {objection}." : $"Unknown {what}: {name}")
        {
            Objection = objection ?? Refusals.Unoffered,
        });
    }

    private static bool MayAsk(View view, ListKind kind, in Envelope envelope, ReadOnlySpan<byte> name)
    {
        var pool = view.Pools[0];
        if (view.IsUnbounded(pool))
        {
            return true;
        }

        if (pool.Model.IsOwn)
        {
            // The router's own list all they have, and take other spellings of it, which no pattern is written for.
            return false;
        }

        var text = Encoding.UTF8.GetString(envelope.NameEscaped ? JsonText.Decode(name) : name);
        return view.Objection(pool, kind, text) is null && !view.IsDisguised(pool, kind, text);
    }

    /// <summary>Why a name is denied that nobody offers; null when nothing is said of it.</summary>
    /// <param name="kept">The request: what is kept of it is told whose the name is.</param>
    /// <param name="kind">What it is the name of.</param>
    /// <param name="name">The name as the client used it.</param>
    /// <param name="isPublic">True when the client is told so, whether it is there or not: where the name tells whose it is.</param>
    private static string? Objection(KeptRequest kept, ListKind kind, string name, out bool isPublic)
    {
        var view = kept.Catalog.View;
        isPublic = view.IsSingle || view.Naming.Prefix == PrefixMode.Always;
        foreach (var pool in view.Pools)
        {
            if (PathTaker.Owns(view, pool, name) && PathTaker.OwnOf(view, pool, name) is var own && view.Objection(pool, kind, own) is { } objection)
            {
                kept.Record?.For(pool.Model.Name, own);
                return objection;
            }
        }

        isPublic = false;
        return null;
    }

    /// <summary>Of a server that could own the name and did not say what it has.</summary>
    private static RouterError? Unlisted(KeptRequest kept, ListKind kind, string name) => kept.Catalog.View.Pools.Where(p => PathTaker.Owns(kept.Catalog.View, p, name))
        .Select(p => kept.Catalog.ProblemOf(p, kind) is { } problem ? Refusals.Unlisted(p, problem) : null).FirstOrDefault(static e => e is not null);

    /// <summary>Sends the request to who takes the calls of a server that is away and never listed; who does may be slower to list than it was to fail.</summary>
    /// <returns>False when none of them lists the name.</returns>
    private static async Task<bool> TryStandInsAsync(KeptRequest kept, RouterEngine engine, ListKind kind, ServerPool away, ConnectFailure failure)
    {
        foreach (var pool in StandIns.Of(kept.Catalog.View, away))
        {
            if (await TryListedAsync(kept, engine, kind, pool).ConfigureAwait(false))
            {
                return true;
            }
        }

        if (failure.IsHeldBack)
        {
            // That it may not be started is told by nobody.
            engine.Store.Stir();
        }

        return TryAgain(kept, engine, kind, kept.Catalog.Refresh());
    }

    /// <summary>Has a server's lists fetched if they were never seen, and sends the request if its name is listed then.</summary>
    /// <returns>False when it is not; true also when the call was refused, for it may wait no longer.</returns>
    private static async Task<bool> TryListedAsync(KeptRequest kept, RouterEngine engine, ListKind kind, ServerPool pool)
    {
        // More than once, for a server that is slow to say which era it speaks may change it while its lists are fetched.
        for (var attempt = 0; attempt < MostAttempts && (pool.IsSettling || kept.Catalog.FailureOf(pool) is null); attempt++)
        {
            if (!kept.Catalog.Refresh().Missing(kind).Contains(pool))
            {
                // It may have come since it was looked up.
                return TryAgain(kept, engine, kind, kept.Catalog.Refresh());
            }

            if (await WaitingCalls.TryAsync(kept, engine, pool, () => LoadedAsync(kept.Catalog, pool)).ConfigureAwait(false) is null)
            {
                return true;
            }

            if (TryAgain(kept, engine, kind, kept.Catalog.Refresh()))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<ServerPool> LoadedAsync(ClientCatalog catalog, ServerPool pool)
    {
        await catalog.LoadAsync(pool).ConfigureAwait(false);
        return pool;
    }

    /// <summary>Why a server that has never listed anything is not there, although its next attempt is due.</summary>
    private static ConnectFailure? LastFailureOf(ConnectionSlot slot) =>
        slot.Live is null && slot.Pool.State is { Status: UpstreamStatus.Backoff or UpstreamStatus.Failed or UpstreamStatus.NeedsAuth, LastError.Length: > 0 } state ? new ConnectFailure(state.LastError) : null;

    private static bool TryAgain(KeptRequest kept, RouterEngine engine, ListKind kind, MergedCatalog catalog)
    {
        var request = kept.Resume();
        return TryRun(ref request, engine, kind, catalog);
    }
}
