namespace Mimir.Conformance;

/// <summary>
/// The suite's server scenarios against a fixture alone and against Mimir with that fixture behind it: Mimir may lose
/// nothing that the fixture has, and answers for itself where the fixture cannot.
/// </summary>
public sealed class ServerConformanceTests
{
    private const int Minutes = 60_000;

    /// <summary>
    /// Every revision through every door: the aggregate with names as they are, the endpoint of one server under a
    /// configuration that prefixes names elsewhere, and a server behind a pipe.
    /// </summary>
    public static TheoryData<string, string, string> Routes => new()
    {
        { "2025-06-18", "http", "/mcp" },
        { "2025-06-18", "http", "/mcp/fixture" },
        { "2025-06-18", "stdio", "/mcp" },
        { "2025-11-25", "http", "/mcp" },
        { "2025-11-25", "http", "/mcp/fixture" },
        { "2025-11-25", "stdio", "/mcp" },
        { "2026-07-28", "http", "/mcp" },
        { "2026-07-28", "http", "/mcp/fixture" },
        { "2026-07-28", "stdio", "/mcp" },
    };

    /// <summary>The suite asks about foreign Host and Origin headers from 2025-11-25 on.</summary>
    public static TheoryData<string, string, string> RoutesSinceTheSuiteChecksHosts =>
        [.. Routes.Where(route => string.CompareOrdinal(route.Data.Item1, "2025-11-25") >= 0)];

    [Theory(Timeout = 4 * Minutes)]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Suite_AgainstTheFixtureAlone_PassesEveryCheck(string revision)
    {
        var harness = Harness.For(revision);
        SuiteReport alone = await harness.AloneAsync();

        Assert.DoesNotContain(alone.Checks, check => check.Faulted);
        Assert.Equal(harness.Passes, alone.Passed);
        Assert.Equal(0, alone.ExitCode);
    }

    [Theory(Timeout = 8 * Minutes)]
    [MemberData(nameof(Routes))]
    public async Task Suite_ThroughTheRouter_PassesEveryCheckThatPassesAlone(string revision, string upstream, string path)
    {
        SuiteReport alone = await Harness.For(revision).AloneAsync();
        SuiteReport through = await ThroughAsync(revision, upstream, path);

        // Over a pipe there is no stream that a fixture could open before it answers, and close in the middle of a call.
        bool Meaningful(Check check) => upstream != "stdio" || check.Scenario != "server-sse-polling";
        SuiteReport expected = alone with { Checks = [.. alone.Checks.Where(Meaningful)] };
        IReadOnlyList<string> worse = expected.WorseThrough(through);
        Assert.True(worse is [], string.Join('\n', worse));
        Assert.Equal(0, through.ExitCode);
    }

    [Theory(Timeout = 8 * Minutes)]
    [MemberData(nameof(RoutesSinceTheSuiteChecksHosts))]
    public async Task DnsRebinding_ThroughTheRouter_IsRefused(string revision, string upstream, string path)
    {
        SuiteReport through = await ThroughAsync(revision, upstream, path);

        Check[] checks = [.. through.Checks.Where(check => check.Scenario == "dns-rebinding-protection")];
        Assert.Equal(2, checks.Length);
        Assert.All(checks, check => Assert.Equal("SUCCESS", check.Status));
    }

    private static Task<SuiteReport> ThroughAsync(string revision, string upstream, string path)
    {
        var harness = Harness.For(revision);
        return harness.ThroughAsync(new Passage([harness.Own], upstream, path));
    }
}
