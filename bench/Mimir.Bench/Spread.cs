namespace Mimir.Bench;

/// <summary>The middle and the ends of several figures.</summary>
internal readonly record struct Spread(double Median, double Least, double Greatest)
{
    /// <summary>Of the figures that are numbers; null when there is none.</summary>
    public static Spread? Of(IEnumerable<double> figures)
    {
        var sorted = figures.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0)
        {
            return null;
        }

        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}
