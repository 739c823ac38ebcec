using System.Text.Json.Nodes;

namespace Mimir.Conformance;

/// <summary>
/// The suite's server scenarios against servers that do not speak its revision: a server of the other era alone, and both eras in one
/// Mimir. In the latter the first server of the configuration has what the suite asks for by name; it is mostly the one of the other era.
/// </summary>
public sealed class AcrossErasConformanceTests
{
    private const int Minutes = 60_000;

    /// <summary>
    /// All that fails when the stateless era's suite gets its tools of a server of the session era. There a question has no name, so
    /// it gets one from Mimir; the suite wants it to be called <c>user_name</c>, in so many letters.
    /// </summary>
    private static readonly string[] ExpectedFailures = ["input-required-result-basic-elicitation sep-2322-elicitation-incomplete FAILURE"];

    /// <summary>Where it advises only ("SHOULD"): an answer called <c>user_name</c> comes before the question and belongs to none.</summary>
    private static readonly string[] ExpectedAdvice = ["input-required-result-ignore-extra-params sep-2322-ignore-unexpected-params WARNING"];

    /// <summary>Every way: the revision of the suite, whose tools it gets ("other" or "own"), whether both are there, and how Mimir reaches them.</summary>
    public static TheoryData<string, string, string, string> Ways => new()
    {
        { "2025-06-18", "other", "http", "/mcp" },
        { "2025-06-18", "other", "stdio", "/mcp" },
        { "2025-11-25", "other", "http", "/mcp" },
        { "2025-11-25", "other", "http", $"/mcp/{Passage.FirstName}" },
        { "2025-11-25", "other", "stdio", "/mcp" },
        { "2025-11-25", "other, own", "http", "/mcp" },
        { "2025-11-25", "other, own", "stdio", "/mcp" },
        { "2025-11-25", "own, other", "http", "/mcp" },
        { "2025-11-25", "own, other", "stdio", "/mcp" },
        { "2026-07-28", "other", "http", "/mcp" },
        { "2026-07-28", "other", "http", $"/mcp/{Passage.FirstName}" },
        { "2026-07-28", "other", "stdio", "/mcp" },
        { "2026-07-28", "other, own", "http", "/mcp" },
        { "2026-07-28", "other, own", "stdio", "/mcp" },
        { "2026-07-28", "own, other", "http", "/mcp" },
        { "2026-07-28", "own, other", "stdio", "/mcp" },
    };

    /// <summary>The suite scores from 2025-11-25 on.</summary>
    public static TheoryData<string, string, string, string> WaysThatAreScored =>
        [.. Ways.Where(way => string.CompareOrdinal(way.Data.Item1, "2025-11-25") >= 0)];

    [Theory(Timeout = 8 * Minutes)]
    [MemberData(nameof(WaysThatAreScored))]
    public async Task ScoredScenarios_AcrossEras_AllPass(string revision, string servers, string upstream, string path)
    {
        IReadOnlyList<string> scored = Harness.For(revision).Scored();
        Assert.Equal(revision == "2025-11-25" ? 30 : 37, scored.Count);

        SuiteReport through = await ThroughAsync(revision, servers, upstream, path);

        Assert.Empty(scored.Except(through.Checks.Select(check => check.Scenario)));
        Check[] faults = [.. through.Checks.Where(check => check.Faulted && scored.Contains(check.Scenario))];
        string[] expected = NamesAreLost(revision, servers) ? [.. ExpectedFailures, .. ExpectedAdvice] : [];
        Assert.True(expected.ToHashSet().SetEquals(faults.Select(Brief)), string.Join('\n', faults.AsEnumerable()));
        Assert.Equal(faults.Any(check => check.Status == "FAILURE") ? 1 : 0, through.ExitCode);
    }

    [Theory(Timeout = 8 * Minutes)]
    [MemberData(nameof(Ways))]
    public async Task Suite_AcrossEras_PassesEveryCheckThatPassesAloneInItsOwnEra(string revision, string servers, string upstream, string path)
    {
        string[] expectedFaults = NamesAreLost(revision, servers) ? [.. ExpectedFailures, .. ExpectedAdvice] : [];
        HashSet<string> faulty = [.. expectedFaults.Select(fault => fault.Split(' ')[0])];
        SuiteReport alone = await Harness.For(revision).AloneAsync();
        SuiteReport through = await ThroughAsync(revision, servers, upstream, path);

        bool Meaningful(Check check) => !faulty.Contains(check.Scenario) && !IsOfOneEra(check.Scenario);
        SuiteReport expected = alone with { Checks = [.. alone.Checks.Where(Meaningful)] };
        SuiteReport found = through with { Checks = [.. through.Checks.Where(Meaningful)] };
        IReadOnlyList<string> worse = expected.WorseThrough(found);
        Assert.True(worse is [], string.Join('\n', worse));
    }

    [Theory(Timeout = 8 * Minutes)]
    [MemberData(nameof(Ways))]
    public async Task Messages_AcrossEras_AreAllValidInTheRevisionOfTheClient(string revision, string servers, string upstream, string path)
    {
        SuiteReport through = await ThroughAsync(revision, servers, upstream, path);

        Check[] verdicts = [.. through.Checks.Where(check => check.Id == "wire-schema-valid")];
        Assert.NotEmpty(verdicts);
        Assert.All(verdicts, check => Assert.True(check.Passed, $"{check.Scenario}: {check.Message}"));
    }

    /// <summary>What the suite asks for here cannot be had of a server of the other era: a stream that it closes in the middle of a call, and tasks.</summary>
    private static bool IsOfOneEra(string scenario) =>
        scenario == "server-sse-polling" || scenario.StartsWith("tasks-", StringComparison.Ordinal);

    private static bool NamesAreLost(string revision, string servers) =>
        revision == "2026-07-28" && servers.StartsWith("other", StringComparison.Ordinal);

    private static string Brief(Check check) => $"{check.Scenario} {check.Id} {check.Status}";

    private static Task<SuiteReport> ThroughAsync(string revision, string servers, string upstream, string path)
    {
        var harness = Harness.For(revision);
        Fixture[] behind = [.. servers.Split(", ").Select(whose => whose == "own" ? harness.Own : harness.Other)];

        // On a busy machine a server takes its time to start; whose a name is must not depend upon it.
        var limits = new JsonObject { ["listGrace"] = "20s" };
        return harness.ThroughAsync(new Passage(behind, upstream, path) { Settings = new JsonObject { ["limits"] = limits } });
    }
}
