using Mimir.Peers;

namespace Mimir.Conformance;

/// <summary>The official conformance suite, run as its users run it.</summary>
public static class Suite
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(3);

    /// <summary>Runs server scenarios against an endpoint.</summary>
    /// <param name="endpoint">The URL of the server.</param>
    /// <param name="selection">Which scenarios, in the words of the suite's command line.</param>
    public static Task<SuiteReport> ServerAsync(Uri endpoint, params string[] selection) =>
        RunAsync(["server", "--url", endpoint.ToString(), .. selection], new Dictionary<string, string>());

    /// <summary>Runs one client scenario: the official client against the suite's mock server.</summary>
    /// <param name="scenario">The name of the scenario.</param>
    /// <param name="revision">The revision that the mock server speaks.</param>
    /// <param name="direct">Whether the client speaks to the mock itself; otherwise Mimir stands in between.</param>
    public static Task<SuiteReport> ClientAsync(string scenario, string revision, bool direct)
    {
        string client = $"{Workshop.Node} {Workshop.Script("conformance/wrap.mjs")}";
        Dictionary<string, string> environment = [];
        if (direct)
        {
            environment["MIMIR_DIRECT"] = "1";
        }

        return RunAsync(["client", "--command", client, "--scenario", scenario, "--spec-version", revision, "--verbose"], environment);
    }

    private static async Task<SuiteReport> RunAsync(string[] arguments, Dictionary<string, string> environment)
    {
        DirectoryInfo results = Directory.CreateTempSubdirectory("mimir-conformance-");
        try
        {
            await using PeerProcess suite = PeerProcess.Start(Workshop.Installed("conformance"), [.. arguments, "--output-dir", results.FullName], environment);
            int exitCode = await suite.EndAsync(RunLimit);
            return SuiteReport.Read(exitCode, suite.Output, results.FullName);
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }
}
