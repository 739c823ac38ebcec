using System.Collections.Concurrent;
using Mimir.Peers;

namespace Mimir.Conformance;

/// <summary>The suite for one revision, and what it finds at the fixture of its own era when nothing stands in between.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Own">The fixture that speaks it.</param>
/// <param name="Passes">The checks that pass against that one alone: the suite and the fixture are pinned, so the number is.</param>
/// <param name="Selection">Which scenarios, in the words of the suite's command line.</param>
public sealed record Harness(string Revision, Fixture Own, int Passes, params string[] Selection)
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<SuiteReport>>> Reports = new(StringComparer.Ordinal);

    /// <summary>The fixture of the other era.</summary>
    public Fixture Other => Own == Fixture.Legacy ? Fixture.Modern : Fixture.Legacy;

    /// <summary>The three runs, by revision.</summary>
    public static Harness For(string revision) => revision switch
    {
        "2025-06-18" => new(revision, Fixture.Legacy, 56, "--suite", "all", "--spec-version", revision),
        "2025-11-25" => new(revision, Fixture.Legacy, 84, "--requirements", revision),
        "2026-07-28" => new(revision, Fixture.Modern, 196, "--requirements", revision),
        _ => throw new ArgumentOutOfRangeException(nameof(revision), revision, "no fixture speaks it"),
    };

    /// <summary>The scenarios that decide whether a server conforms to the revision.</summary>
    public IReadOnlyList<string> Scored()
    {
        string file = Path.Combine(Workshop.Interop, "node_modules", "@modelcontextprotocol", "conformance", "requirements", $"{Revision}.yaml");
        return
        [
            .. File.ReadLines(file)
                .SkipWhile(line => line != "server:").Skip(1)
                .TakeWhile(line => line.StartsWith("  - ", StringComparison.Ordinal))
                .Select(line => line[4..]),
        ];
    }

    /// <summary>The suite against its own fixture with nothing in between; it is run once.</summary>
    public Task<SuiteReport> AloneAsync() => ReportAsync($"{Revision} alone", async () =>
    {
        var (process, endpoint) = await Own.ServeAsync();
        await using (process)
        {
            return await Suite.ServerAsync(endpoint, Selection);
        }
    });

    /// <summary>The suite against Mimir; each way is run once.</summary>
    public Task<SuiteReport> ThroughAsync(Passage passage) =>
        ReportAsync($"{Revision} {passage}", () => passage.RunAsync(async endpoint =>
        {
            if (Own == Fixture.Modern && passage.Servers.Contains(Fixture.Legacy))
            {
                await FirstContact.MakeAsync(endpoint);
            }

            return await Suite.ServerAsync(endpoint, Selection);
        }));

    private static Task<SuiteReport> ReportAsync(string what, Func<Task<SuiteReport>> run) =>
        Reports.GetOrAdd(what, _ => new(run)).Value;
}
