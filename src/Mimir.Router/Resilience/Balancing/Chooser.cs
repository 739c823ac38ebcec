using System.Collections.Concurrent;
using Mimir.Router.Catalog;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Resilience.Balancing;

/// <summary>
/// Chooses who takes a call: of those in the lowest tier that has one nothing speaks against, as the cluster says. When something
/// speaks against all of them, those are taken that can take calls although they should not. Thread-safe.
/// </summary>
/// <param name="random">A number from 0 up to 1, another each time.</param>
public sealed class Chooser(Func<double> random)
{
    private readonly ConcurrentDictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Chooses.</summary>
    /// <param name="choice">Who there is.</param>
    /// <param name="tried">Those that are not to be chosen, a bit each.</param>
    /// <param name="affinity">What keeps calls together, as a digest; only of use to <see cref="BalancerKind.Sticky"/>, which without one is <see cref="BalancerKind.PowerOfTwo"/>.</param>
    /// <returns>Its place among the candidates; -1 when there is nobody.</returns>
    public int Choose(RouteChoice choice, ulong tried, ulong affinity)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return Choose(choice, tried, affinity, static candidate => candidate.Slot.Objection is null) is >= 0 and var well
            ? well
            : Choose(choice, tried, affinity, static candidate => CanTake(candidate));
    }

    /// <summary>Who would be chosen first, as far as that is no matter of chance or of turns; nobody's turn is used up.</summary>
    public static int Peek(RouteChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return new Chooser(static () => 0).Choose(choice, 0, 0);
    }

    /// <summary>True for who can take calls although it may not be well.</summary>
    public static bool CanTake(Route candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return candidate.Pool.State.Life.IsOffered && candidate.Pool.Health.Breaker is null or { WouldPass: true }
            && (candidate.Slot.Live is not null || candidate.Slot.CurrentFailure is null);
    }

    private int Choose(RouteChoice choice, ulong tried, ulong affinity, Func<Route, bool> isGood)
    {
        Span<int> good = stackalloc int[RouteChoice.Most];
        var count = 0;
        var tier = int.MinValue;
        for (var i = 0; i < choice.Candidates.Length; i++)
        {
            if (count > 0 && choice.Tiers[i] != tier)
            {
                break;
            }

            if ((tried & (1ul << i)) == 0 && isGood(choice.Candidates[i]))
            {
                (tier, good[count++]) = (choice.Tiers[i], i);
            }
        }

        return count switch
        {
            0 => -1,
            1 => good[0],
            _ => Among(choice, good[..count], affinity),
        };
    }

    private int Among(RouteChoice choice, ReadOnlySpan<int> good, ulong affinity) => choice.Cluster?.Balancer switch
    {
        BalancerKind.RoundRobin => good[(int)(_turns.GetOrAdd(choice.Cluster.Name, static _ => new Turn()).Next() % (uint)good.Length)],
        BalancerKind.LeastRequests => Least(choice, good),
        BalancerKind.PowerOfTwo => OfTwo(choice, good),
        BalancerKind.Sticky when affinity != Stickiness.None => Nearest(choice, good, affinity),
        BalancerKind.Sticky => OfTwo(choice, good),
        _ => good[0],
    };

    private int Least(RouteChoice choice, ReadOnlySpan<int> good)
    {
        // From another one each time, so that of those with equally many the first does not get all.
        var from = (int)(random() * good.Length);
        var best = good[from];
        for (var i = 1; i < good.Length; i++)
        {
            var next = good[(from + i) % good.Length];
            if (OpenAt(choice, next) < OpenAt(choice, best))
            {
                best = next;
            }
        }

        return best;
    }

    private int OfTwo(RouteChoice choice, ReadOnlySpan<int> good)
    {
        var first = (int)(random() * good.Length);
        var second = (first + 1 + (int)(random() * (good.Length - 1))) % good.Length;
        return OpenAt(choice, good[second]) < OpenAt(choice, good[first]) ? good[second] : good[first];
    }

    /// <summary>Highest digest of call and server: when one goes, only its own calls go elsewhere.</summary>
    private static int Nearest(RouteChoice choice, ReadOnlySpan<int> good, ulong affinity)
    {
        var (best, score) = (good[0], 0ul);
        foreach (var i in good)
        {
            var next = Digests.Mix(affinity, choice.Candidates[i].Pool.Model.Name);
            if (next >= score)
            {
                (best, score) = (i, next);
            }
        }

        return best;
    }

    private static int OpenAt(RouteChoice choice, int candidate) => choice.Candidates[candidate].Pool.Health.Gate.Open + choice.Candidates[candidate].Pool.Health.Gate.Waiting;

    private sealed class Turn
    {
        private uint _next = uint.MaxValue;

        public uint Next() => Interlocked.Increment(ref _next);
    }
}
