using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mimir.Conformance;

/// <summary>What a run of the conformance suite found.</summary>
/// <param name="ExitCode">0 if every scored scenario passed.</param>
/// <param name="Output">What the suite printed.</param>
/// <param name="Checks">Every check of every scenario.</param>
public sealed partial record SuiteReport(int ExitCode, string Output, IReadOnlyList<Check> Checks)
{
    /// <summary>How many checks passed.</summary>
    public int Passed => Checks.Count(check => check.Passed);

    /// <summary>Reads the results that the suite wrote: a folder a scenario, each with a <c>checks.json</c>.</summary>
    public static SuiteReport Read(int exitCode, string output, string folder)
    {
        var checks = new List<Check>();
        foreach (string file in Directory.EnumerateFiles(folder, "checks.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string scenario = ScenarioFolder().Match(Path.GetRelativePath(folder, Path.GetDirectoryName(file)!)).Groups["name"].Value;
            Assert.NotEqual("", scenario);
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            checks.AddRange(document.RootElement.EnumerateArray().Select(check => new Check(
                scenario,
                check.GetProperty("id").GetString()!,
                check.GetProperty("name").GetString()!,
                check.GetProperty("status").GetString()!,
                check.TryGetProperty("errorMessage", out JsonElement message) ? message.GetString() : null)));
        }

        return new SuiteReport(exitCode, output, checks);
    }

    /// <summary>
    /// Where <paramref name="through"/> is worse than this report: checks that pass here and not there, and faults that are
    /// found there and not here. A scenario may make the same check several times; then the numbers are compared.
    /// </summary>
    public IReadOnlyList<string> WorseThrough(SuiteReport through)
    {
        var differences = new List<string>();
        var there = through.Checks.ToLookup(Key);
        var here = Checks.ToLookup(Key);
        foreach (var key in here.Select(group => group.Key).Union(there.Select(group => group.Key)))
        {
            int passed = here[key].Count(check => check.Passed);
            int acceptedThere = there[key].Count(check => check.Accepted);
            Check[] faults = [.. there[key].Where(check => check.Faulted)];
            if (acceptedThere < passed || faults.Length > here[key].Count(check => check.Faulted))
            {
                string statuses = there[key].Any() ? string.Join(", ", there[key].Select(check => check.Status)) : "not made";
                differences.Add($"{key.Scenario} / {key.Id} / {key.Name}: {passed} passed alone, {acceptedThere} through the router ({statuses}) {faults.FirstOrDefault()?.Message}");
            }
        }

        return differences;
    }

    private static (string Scenario, string Id, string Name) Key(Check check) => (check.Scenario, check.Id, check.Name);

    [GeneratedRegex(@"^(server-)?(?<name>.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$", RegexOptions.ExplicitCapture)]
    private static partial Regex ScenarioFolder();
}
