using System.Diagnostics;

namespace Mimir.Bench;

/// <summary>What every measure has in its hands.</summary>
/// <param name="Workshop">Starts processes.</param>
/// <param name="Effort">How long to measure.</param>
/// <param name="Report">Where results go.</param>
/// <param name="Stop">Asked for by the user.</param>
internal sealed record Session(Workshop Workshop, Effort Effort, Report Report, CancellationToken Stop)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Says how far it is.</summary>
    public void Say(string what) => Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(_start):mm\\:ss}] {what}");

    /// <summary>Notes what could not be measured, and goes on.</summary>
    public void Fail(string problem)
    {
        Say(problem);
        Report.Problems.Add(problem);
    }
}
