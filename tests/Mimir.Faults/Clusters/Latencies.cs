using System.Collections.Concurrent;
using System.Globalization;

namespace Mimir.Faults.Clusters;

/// <summary>How long calls took besides what they were made to, by what went on.</summary>
internal sealed class Latencies
{
    private readonly ConcurrentQueue<double> _calm = new();
    private readonly ConcurrentQueue<double> _stormy = new();

    /// <summary>Notes one, in ms.</summary>
    public void Add(Weathers weather, double ms)
    {
        if (weather != Weathers.None) (weather == Weathers.Calm ? _calm : _stormy).Enqueue(ms);
    }

    /// <summary>The 99th percentile in calm, in ms.</summary>
    public double Calm => Percentile(_calm);

    /// <summary>The 99th percentile beside one that suffers, in ms.</summary>
    public double Stormy => Percentile(_stormy);

    /// <summary>The 99th percentile of both, in ms.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Calm:0.0} ms in calm and {Stormy:0.0} ms beside one that suffers");

    private static double Percentile(ConcurrentQueue<double> of) => of.IsEmpty ? 0 : of.Order().ElementAt((int)(of.Count * 0.99));
}
