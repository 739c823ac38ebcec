using Mimir.Protocol.Revisions;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>
/// In which era one server is spoken to for clients of each era: their own, unless it refused that and speaks the other. A verdict
/// holds while the server is away, so that its tools do not come and go with it; it is tested again when a connection must be opened
/// anyway and some time has passed. Thread-safe.
/// </summary>
internal sealed class EraVerdict
{
    private static readonly long TestAgainMs = (long)TimeSpan.FromMinutes(10).TotalMilliseconds;
    private readonly long[] _crossedAt = [-1, -1];

    /// <summary>The other era.</summary>
    public static Era Other(Era era) => era == Era.Modern ? Era.Legacy : Era.Modern;

    /// <summary>The era to speak for clients of an era.</summary>
    public Era For(Era wanted) => Volatile.Read(ref _crossedAt[(int)wanted]) < 0 ? wanted : Other(wanted);

    /// <summary>True when what a server once refused is to be tried again first: it may have been upgraded.</summary>
    public bool IsDoubtful(Era wanted, long now)
    {
        var since = Volatile.Read(ref _crossedAt[(int)wanted]);
        return since >= 0 && now - since > TestAgainMs;
    }

    /// <summary>Notes that clients of an era are served in the other one.</summary>
    /// <param name="wanted">The clients' era.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    /// <param name="tested">True when it was tested just now that the server refuses their own era.</param>
    /// <returns>True when that is new.</returns>
    public bool Cross(Era wanted, long now, bool tested) => tested
        ? Interlocked.Exchange(ref _crossedAt[(int)wanted], now) < 0
        : Interlocked.CompareExchange(ref _crossedAt[(int)wanted], now, -1) < 0;

    /// <summary>Believes of a server what was found of the one in whose place it is run.</summary>
    public void Follow(EraVerdict former)
    {
        for (var era = 0; era < _crossedAt.Length; era++)
        {
            Volatile.Write(ref _crossedAt[era], Volatile.Read(ref former._crossedAt[era]));
        }
    }

    /// <summary>Notes that the server speaks an era.</summary>
    /// <returns>True when the clients of that era were served in the other one before.</returns>
    public bool Speaks(Era era) => Interlocked.Exchange(ref _crossedAt[(int)era], -1) >= 0;
}
