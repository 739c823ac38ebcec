namespace Mimir.Fuzz;

/// <summary>SplitMix64: small, fast, and the same sequence for the same seed on every machine and runtime.</summary>
public sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator whose sequence is a function of the bytes, so that replaying an input repeats everything.</summary>
    public void SeedFrom(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        _state = hash;
    }

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="exclusive"/> - 1; 0 when that is empty.</summary>
    public int Below(int exclusive) => exclusive <= 1 ? 0 : (int)(((Next() >> 32) * (ulong)exclusive) >> 32);

    public bool OneIn(int n) => Below(n) == 0;

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    public byte Byte() => (byte)Next();
}
