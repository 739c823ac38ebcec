using System.Globalization;
using Mimir.Router.Catalog;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Errors for calls that no server takes now. None of them ran, and all may be made again.</summary>
internal static class Refusals
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>For what is kept of a call whose name leads nowhere: why it was turned away.</summary>
    public const string Unoffered = "nobody offers it here";

    /// <summary>A server has as many calls open and waiting as it may.</summary>
    public static RouterError Full(ServerPool pool) => new(
        ErrorCodes.Busy,
        $"Server '{pool.Model.Name}' has {pool.Health.Gate.Open} calls open and {pool.Health.Gate.Waiting} waiting (maxConcurrent, maxQueued). Try again later.",
        pool.Model.Name,
        Retryable: true)
    {
        RetryAfter = Soon,
    };

    /// <summary>A server was not there before the call's time was over.</summary>
    public static RouterError Late(ServerPool pool) => new(
        ErrorCodes.ServerUnavailable,
        $"Server '{pool.Model.Name}' was not ready within {pool.Model.CallTimeout.TotalSeconds:0.#} s, the time that a call to it has (callTimeout); the call did not run.",
        pool.Model.Name,
        Retryable: true)
    {
        RetryAfter = Soon,
    };

    /// <summary>A server is there, but did not say what it has: whether it has this is not known.</summary>
    /// <param name="pool">The server.</param>
    /// <param name="problem">What became of asking it.</param>
    public static RouterError Unlisted(ServerPool pool, string problem) =>
        new(ErrorCodes.ServerUnavailable, $"Server '{pool.Model.Name}' did not say what it has: {problem.TrimEnd('.')}. It is asked again.", pool.Model.Name, Retryable: true)
        {
            RetryAfter = Soon,
        };

    /// <summary>A server asked to be left alone, for longer than the call may take.</summary>
    /// <param name="pool">The server.</param>
    /// <param name="rest">How long yet.</param>
    public static RouterError Resting(ServerPool pool, TimeSpan rest) => new(
        ErrorCodes.ServerUnavailable,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Server '{pool.Model.Name}' asked to be left alone for another {Math.Ceiling(rest.TotalSeconds)} s (Retry-After), and this call may not take as long (callTimeout); it did not run. Try again after that."),
        pool.Model.Name,
        Retryable: true)
    {
        RetryAfter = rest,
    };

    /// <summary>A server's circuit breaker lets nothing pass.</summary>
    public static RouterError Open(ServerPool pool)
    {
        var left = pool.Health.Breaker?.OpenForMs is > 0 and var ms ? TimeSpan.FromMilliseconds(ms) : (TimeSpan?)null;
        var now = left is { } time ? $"gets no calls for another {Math.Ceiling(time.TotalSeconds)} s" : "is just being tried by as many calls as may";
        return new(
            ErrorCodes.ServerUnavailable,
            $"Server '{pool.Model.Name}' failed too often and {now} (circuitBreaker). {pool.Health.LastFailure}".TrimEnd(),
            pool.Model.Name,
            Retryable: true)
        {
            RetryAfter = left ?? Soon,
        };
    }

    /// <summary>None of several servers can take it. For those that are not there it counts as a failure.</summary>
    public static RouterError Nobody(RouteChoice choice)
    {
        var error = new RouterError(
            ErrorCodes.ServerUnavailable,
            "No server can take this now. " + string.Join(" ", choice.Candidates.Select(c => $"'{c.Pool.Model.Name}': {c.Slot.Objection?.TrimEnd('.') ?? "it was tried"}.")),
            null,
            Retryable: true)
        {
            RetryAfter = choice.Candidates.Where(static c => c.Pool.State.Life.IsOffered).Select(ReadyIn).DefaultIfEmpty(Soon).Min(),
        };
        foreach (var candidate in choice.Candidates)
        {
            if (candidate.Slot is { Live: null, CurrentFailure: { IsOutage: true } failure })
            {
                candidate.Pool.Health.Miss(failure.Message);
            }
        }

        return error;
    }

    /// <summary>When a call may come to something again: its breaker lets one pass, its rest is over, and it may be connected to.</summary>
    private static TimeSpan ReadyIn(Route candidate)
    {
        var health = candidate.Pool.Health;
        var pause = candidate.Slot.Live is null ? candidate.Pool.PauseMs(candidate.Slot) : 0;
        var ms = Math.Max(Math.Max(health.Breaker?.OpenForMs ?? 0, health.RestMs), pause);
        return ms > 0 ? TimeSpan.FromMilliseconds(ms) : Soon;
    }
}
