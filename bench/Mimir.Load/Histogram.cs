using System.Numerics;

namespace Mimir.Load;

/// <summary>Counts durations to within one percent.</summary>
internal sealed class Histogram
{
    private const int Steps = 128;
    private const int StepBits = 7;

    private readonly long[] _counts = new long[64 * Steps];

    public long Count { get; private set; }

    public void Add(long nanoseconds)
    {
        var value = (ulong)Math.Max(Steps, nanoseconds);
        var power = BitOperations.Log2(value);
        _counts[(power * Steps) + (int)((value >> (power - StepBits)) & (Steps - 1))]++;
        Count++;
    }

    /// <summary>The duration that a share of all stay below, in microseconds; NaN when there is none.</summary>
    public double Quantile(double share)
    {
        var wanted = Math.Min(Count - 1, (long)(Count * share));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen > wanted)
            {
                return Math.ScaleB(1 + ((i % Steps) + 0.5) / Steps, i / Steps) / 1000;
            }
        }

        return double.NaN;
    }
}
