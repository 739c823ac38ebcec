using Mimir.Conformance.Embedded;

namespace Mimir.Conformance;

/// <summary>The suite's server scenarios against a host inside an app, with no router near: one endpoint is asked in both eras.</summary>
public sealed class EmbeddedConformanceTests
{
    private const int Minutes = 60_000;

    [Theory(Timeout = 4 * Minutes)]
    [InlineData("2025-11-25", 30)]
    [InlineData("2026-07-28", 37)]
    public async Task ScoredScenarios_AgainstAnEmbeddedHost_AllPass(string revision, int count)
    {
        var harness = Harness.For(revision);
        IReadOnlyList<string> scored = harness.Scored();
        Assert.Equal(count, scored.Count);

        await using var app = new EmbeddedApp();
        SuiteReport report = await Suite.ServerAsync(app.Endpoint, harness.Selection);

        ILookup<string, Check> ran = report.Checks.ToLookup(check => check.Scenario);
        Assert.True(scored.All(scenario => ran[scenario].Any(check => check.Passed)), $"without a check that passes: {string.Join(", ", scored.Where(scenario => !ran[scenario].Any(check => check.Passed)))}");
        Check[] faults = [.. scored.SelectMany(scenario => ran[scenario]).Where(check => check.Faulted)];
        Assert.True(faults is [], string.Join('\n', faults.AsEnumerable()));
        Assert.Equal(0, report.ExitCode);
    }
}
