namespace Mimir.Conformance;

/// <summary>
/// The suite's client scenarios: its mock servers watch what a client sends. Here the client is the official one with Mimir
/// before it, so what they watch is Mimir as a client. The same client without Mimir tells what a pass looks like.
/// </summary>
public sealed class ClientConformanceTests
{
    [Theory(Timeout = 120_000)]
    [InlineData("2025-06-18", "initialize")]
    [InlineData("2025-06-18", "tools_call")]
    [InlineData("2025-11-25", "initialize")]
    [InlineData("2025-11-25", "tools_call")]
    [InlineData("2025-11-25", "elicitation-sep1034-client-defaults")]
    [InlineData("2025-11-25", "sse-retry")]
    [InlineData("2025-11-25", "json-schema-2020-12-preservation")]
    [InlineData("2026-07-28", "tools_call")]
    [InlineData("2026-07-28", "request-metadata")]
    [InlineData("2026-07-28", "sep-2322-client-request-state")]
    [InlineData("2026-07-28", "http-standard-headers")]
    [InlineData("2026-07-28", "http-custom-headers")]
    [InlineData("2026-07-28", "http-invalid-tool-headers")]
    [InlineData("2026-07-28", "json-schema-ref-no-deref")]
    [InlineData("2026-07-28", "json-schema-2020-12-preservation")]
    public async Task Scenario_ThroughTheRouter_PassesEveryCheckThatPassesDirectly(string revision, string scenario)
    {
        SuiteReport direct = await Suite.ClientAsync(scenario, revision, direct: true);
        Assert.DoesNotContain(direct.Checks, check => check.Faulted);
        Assert.NotEqual(0, direct.Passed);

        SuiteReport through = await Suite.ClientAsync(scenario, revision, direct: false);
        IReadOnlyList<string> worse = direct.WorseThrough(through);
        Assert.True(worse is [], $"{string.Join('\n', worse)}\n{through.Output}");
        Assert.Equal(0, through.ExitCode);
    }
}
