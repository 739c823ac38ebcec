using System.Globalization;
using Mimir.Load;

namespace Mimir.Bench;

/// <summary>How busy everybody else keeps the machine while something is measured: what tells whether a figure can be trusted.</summary>
internal sealed class Neighbours
{
    private readonly List<double> _shares = [];
    private long _beganAt;
    private double _machine;
    private double _ours;

    /// <summary>Cores that others used, load by load.</summary>
    public Spread? Cores => Spread.Of(_shares);

    /// <summary>A load begins.</summary>
    public void Begin()
    {
        _machine = MachineSeconds();
        _ours = ProcessFigures.TreeSeconds(Environment.ProcessId);
        _beganAt = TimeProvider.System.GetTimestamp();
    }

    /// <summary>The load has ended, and all its processes are still there.</summary>
    /// <returns>Cores that others used meanwhile.</returns>
    public double End()
    {
        var seconds = TimeProvider.System.GetElapsedTime(_beganAt).TotalSeconds;
        var others = MachineSeconds() - _machine - (ProcessFigures.TreeSeconds(Environment.ProcessId) - _ours);
        var share = Math.Max(0, others / seconds);
        _shares.Add(share);
        return share;
    }

    // Everything but idle and waiting for disks; what a hypervisor took away counts as others.
    private static double MachineSeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Index().Where(static f => f.Index is 1 or 2 or 3 or 6 or 7 or 8).Sum(static f => long.Parse(f.Item, CultureInfo.InvariantCulture))
            / ProcessFigures.TicksPerSecond;
    }
}
