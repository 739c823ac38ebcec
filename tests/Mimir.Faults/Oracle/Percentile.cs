namespace Mimir.Faults.Oracle;

/// <summary>Percentiles.</summary>
internal static class Percentile
{
    /// <summary>The value below which a part of them lies; 0 when there are none.</summary>
    public static double Of(IReadOnlyCollection<double> values, double part)
    {
        if (values.Count == 0) return 0;
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
