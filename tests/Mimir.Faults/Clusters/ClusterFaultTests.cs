using Mimir.Faults.Matrix;

namespace Mimir.Faults.Clusters;

/// <summary>
/// One of three servers that stand for one another is killed, frozen, slowed and reset, over and over, under load. Longer with
/// <c>MIMIR_FAULTS_SCALE</c>; from 1 on, what those that are well take is held against its bar.
/// </summary>
public sealed class ClusterFaultTests
{
    [Theory]
    [InlineData("stdio-2025", true)]
    [InlineData("stdio-2026", false)]
    [InlineData("http-2025", false)]
    [InlineData("http-2026", true)]
    public async Task Member_SuffersUnderLoad_OnlyWhatHadBegunThereIsLost(string transport, bool isVouched)
    {
        var run = new ClusterRun(Transports.All.Single(t => t.Name() == transport), isVouched, RunSettings.OfTests);

        await run.RunAsync();

        TestContext.Current.SendDiagnosticMessage(run.Summary);
        Assert.True(run.Wrong.Count == 0, run.Summary + "\n" + string.Join('\n', run.Wrong.Take(12)));
        Assert.True(run.Answered > 100, run.Summary);
        if (RunSettings.OfTests.Scale >= 1) Assert.True(run.Through.Stormy <= Math.Max(run.Through.Calm * 1.25, run.Through.Calm + 5), run.Summary);
    }
}
