namespace Mimir.Router.Resilience.Balancing;

/// <summary>Digests that are the same in every process, for spreading; of no use against anybody who wants them to collide.</summary>
internal static class Digests
{
    private const ulong Seed = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * Prime;
        }

        return Spread(hash);
    }

    public static ulong Mix(ulong digest, string name)
    {
        var hash = digest ^ Seed;
        foreach (var c in name)
        {
            hash = (hash ^ c) * Prime;
        }

        return Spread(hash);
    }

    /// <summary>Makes every bit depend on every other (the finalizer of SplitMix64).</summary>
    private static ulong Spread(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
