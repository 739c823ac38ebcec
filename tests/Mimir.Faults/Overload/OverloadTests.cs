using Mimir.Faults.Matrix;

namespace Mimir.Faults.Overload;

/// <summary>More calls than a server can do. The figures are printed with <c>-diagnostics</c>; what is asserted holds on any machine, from a scale of 1 on the bars themselves.</summary>
public sealed class OverloadTests
{
    [Fact]
    public async Task Calls_FourTimesWhatTheServerCanDo_AreAnsweredAsFastAsItCanOrRefusedAtOnce()
    {
        var run = new OverloadRun(RunSettings.OfTests);

        await run.RunAsync();

        TestContext.Current.SendDiagnosticMessage(run.Summary);
        Assert.True(run.Wrong.IsEmpty, run.Summary + "\n" + string.Join('\n', run.Wrong.Take(12)));
        Assert.True(run.Refusals > 0, run.Summary);

        // A busy machine is not a slow router: half and ten times of what is promised (see docs/operations/faults.md).
        Assert.True(run.AtTwice > run.Peak * 0.45 && run.AtFourTimes > run.Peak * 0.45, run.Summary);
        Assert.True(run.RecoveryMs < 20_000 && run.GrowthMiB < 128, run.Summary);
        if (RunSettings.OfTests.Scale < 1) return;
        Assert.True(run.AtTwice >= run.Peak * 0.9 && run.RefusalP99 <= 50 && run.RecoveryMs <= 5_000, run.Summary);
    }
}
