using System.Diagnostics;
using Mimir.Load;

namespace Mimir.Bench;

/// <summary>What every measure has in its hands.</summary>
/// <param name="Workshop">Starts processes.</param>
/// <param name="Effort">How long to measure.</param>
/// <param name="Report">Where results go.</param>
/// <param name="Stop">Asked for by the user.</param>
internal sealed record Session(Workshop Workshop, Effort Effort, Report Report, CancellationToken Stop)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Who else was busy.</summary>
    public Neighbours Neighbours { get; } = new();

    /// <summary>Runs a load, and looks who else is busy meanwhile.</summary>
    public LoadResult Run(IPeer peer, LoadPlan plan)
    {
        Neighbours.Begin();
        var result = peer.Run(plan, Stop);
        Neighbours.End();
        return result;
    }

    /// <summary>Says how far it is.</summary>
    public void Say(string what) => Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(_start):mm\\:ss}] {what}");

    /// <summary>Notes what could not be measured, and goes on.</summary>
    public void Fail(string problem)
    {
        Say(problem);
        Report.Problems.Add(problem);
    }
}
