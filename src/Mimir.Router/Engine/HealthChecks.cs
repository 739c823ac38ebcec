using System.Runtime.CompilerServices;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model.Routing;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// Asks servers whether they are well, as often as each is to be asked, and connects again to those whose calls others take: no call
/// would find them again. A server that is not well gets no calls while others can take them; its process stays.
/// </summary>
internal sealed class HealthChecks(RouterEngine engine)
{
    private const long EveryMs = 50;
    private readonly ConditionalWeakTable<ServerPool, Rhythm> _rhythms = [];
    private long _next;

    /// <summary>Looks who is to be asked.</summary>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public void Sweep(long now)
    {
        if (now < _next)
        {
            return;
        }

        _next = now + EveryMs;
        foreach (var pool in engine.Pools)
        {
            if (pool.Health is { Checks: null, HasOthers: false })
            {
                continue;
            }

            var rhythm = _rhythms.GetValue(pool, p => new Rhythm { Next = now + Pause(p, engine) });
            if (pool.Health.HasOthers)
            {
                SeekAway(pool, rhythm);
            }

            if (pool.Health.Checks is { } checks && now >= rhythm.Next && Interlocked.Exchange(ref rhythm.IsAsked, 1) == 0)
            {
                _ = CheckAsync(pool, checks, rhythm);
            }
        }
    }

    private static long Pause(ServerPool pool, RouterEngine engine) =>
        (long)((pool.Health.Checks ?? new HealthModel()).Interval.TotalMilliseconds * (0.9 + (0.2 * engine.Random())));

    private async Task CheckAsync(ServerPool pool, HealthModel checks, Rhythm rhythm)
    {
        try
        {
            if (!pool.State.Life.IsOffered)
            {
                return;
            }

            var failure = checks.Endpoint is { } endpoint
                ? await FetchAsync(pool, endpoint, checks.Timeout).ConfigureAwait(false)
                : await AskAsync(pool, checks.Timeout).ConfigureAwait(false);
            if (pool.Checked(failure) && pool.Health.HasOthers)
            {
                // Where nobody else can take them they are in the best place there is: it may be at work on them.
                foreach (var slot in pool.Slots)
                {
                    slot.Live?.GiveBack("it did not answer when asked whether it is well");
                }
            }
        }
        finally
        {
            rhythm.Next = engine.Clock.Now + Pause(pool, engine);
            Volatile.Write(ref rhythm.IsAsked, 0);
        }
    }

    /// <summary>Asks over HTTP.</summary>
    /// <returns>Why it is not well; null when it is.</returns>
    private static async Task<string?> FetchAsync(ServerPool pool, Uri endpoint, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout, pool.Clock.Time);
        try
        {
            return await pool.Connector.FetchAsync(pool.Model, endpoint, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Its health endpoint did not answer within {timeout.TotalSeconds:0.###} s.");
        }
    }

    /// <summary>Asks over MCP. Any answer is a good one: who refuses to be asked is there to refuse.</summary>
    /// <returns>Why it is not well; null when it is.</returns>
    private static async Task<string?> AskAsync(ServerPool pool, TimeSpan timeout)
    {
        // Rather one that several share than a client's own.
        if (pool.Slots.Where(static s => s.Live is not null).OrderBy(static s => s.Owner is null ? 0 : 1).FirstOrDefault()?.Live is not { } connection)
        {
            // What was silent is gone, and whether the next one answers shows when it is opened.
            return null;
        }

        using var limit = new CancellationTokenSource(timeout, pool.Clock.Time);
        try
        {
            var question = new LocalExchange { Method = connection.Order.Era == Era.Modern ? McpMethod.Discover : McpMethod.Ping, IsProbe = true };
            await connection.RequestAsync(question, null, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"It did not answer within {timeout.TotalSeconds:0.###} s when asked whether it is well.");
        }
        catch (RequestFailed e)
        {
            // A wire that is gone is dealt with where that is noticed, and who has no time just now is there.
            return connection.IsUsable && e.Error.UpstreamStatus != 429 ? e.Message : null;
        }
    }

    private static void SeekAway(ServerPool pool, Rhythm rhythm)
    {
        if (pool.State.Life.IsOffered && pool.Slots.Any(static s => IsMissed(s)) && Interlocked.Exchange(ref rhythm.IsSought, 1) == 0)
        {
            _ = OpenAsync(pool, rhythm);
        }
    }

    private static bool IsMissed(ConnectionSlot slot) => slot is { IsAway: true, Live: null, IsEnded: false, IsOpening: false } && slot.Pool.PauseMs(slot) == 0;

    private static async Task OpenAsync(ServerPool pool, Rhythm rhythm)
    {
        try
        {
            foreach (var slot in pool.Slots.Where(static s => IsMissed(s)))
            {
                try
                {
                    await slot.OpenAsync().ConfigureAwait(false);
                }
                catch (ConnectFailure e) when (e.WrongEra)
                {
                    // It may have come back in another era: who finds that out finds it out for all.
                    await pool.ProbeAsync().ConfigureAwait(false);
                    slot.IsAway = false;
                }
            }
        }
        catch (ConnectFailure)
        {
            // Not yet.
        }
        finally
        {
            Volatile.Write(ref rhythm.IsSought, 0);
        }
    }

    /// <summary>When a server is asked next, and whether it is being asked or connected to.</summary>
    private sealed class Rhythm
    {
        public long Next;
        public int IsAsked;
        public int IsSought;
    }
}
