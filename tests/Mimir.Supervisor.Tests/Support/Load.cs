using System.Diagnostics;

namespace Mimir.Supervisor.Tests.Support;

/// <summary>
/// How late a machine is with what it is asked to do: a program that sleeps for a known time is waited for meanwhile. On a quiet
/// machine that is a few milliseconds; a crowded one is forgiven in proportion, so that bounds stay tight where they can be.
/// </summary>
internal static class Load
{
    private const int Steps = 10;

    internal static async Task<TimeSpan> MeasureAsync()
    {
        using var process = Process.Start("sleep", ["1"]);
        var watch = Stopwatch.StartNew();
        await process.WaitForExitAsync();
        var late = watch.Elapsed - TimeSpan.FromSeconds(1);
        return late < TimeSpan.Zero ? TimeSpan.Zero : late * Steps;
    }
}
