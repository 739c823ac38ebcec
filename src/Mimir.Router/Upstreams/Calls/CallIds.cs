namespace Mimir.Router.Upstreams.Calls;

/// <summary>
/// The ids that calls have upstream. No two calls of this process have one, wherever they go: exchanges and what sends them are used
/// again, and know late news of an earlier use by its id alone.
/// </summary>
/// <remarks>The low 16 bits are a slot, the rest a counter, so that an id fits a JSON number (2^53). It begins anew after 2^37 calls. Thread-safe.</remarks>
internal static class CallIds
{
    private const long MostSequence = (1L << 37) - 1;
    private static long s_sequence;

    /// <summary>Makes one.</summary>
    /// <param name="slot">The place of the call in its table, 0 to 65,535.</param>
    public static long Mint(int slot)
    {
        long sequence;
        while ((sequence = Interlocked.Increment(ref s_sequence) & MostSequence) == 0)
        {
            // 0 is no id.
        }

        return (sequence << 16) | (uint)slot;
    }
}
