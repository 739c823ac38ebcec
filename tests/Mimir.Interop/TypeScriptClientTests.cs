using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Peers;

namespace Mimir.Interop;

/// <summary>Both official TypeScript SDKs list and use everything that is behind Mimir, over every transport that they have.</summary>
public sealed class TypeScriptClientTests(Ensemble ensemble, ModernEnsemble modern, AcrossErasEnsemble across)
{
    private static readonly TimeSpan DriverLimit = TimeSpan.FromMinutes(3);

    [Theory(Timeout = 200_000)]
    [InlineData("stdio")]
    [InlineData("http")]
    [InlineData("sse")]
    public Task Sdk1_ThroughMimir_UsesEverything(string transport) =>
        RunAsync("sdk1", transport, era: "legacy", Ensemble.Kinds, ensemble.Origin, ensemble.ConfigurationPath);

    [Theory(Timeout = 200_000)]
    [InlineData("stdio")]
    [InlineData("http")]
    [InlineData("sse")]
    public Task Sdk2_InTheSessionEraThroughMimir_UsesEverything(string transport) =>
        RunAsync("sdk2", transport, era: "legacy", Ensemble.Kinds, ensemble.Origin, ensemble.ConfigurationPath);

    [Theory(Timeout = 200_000)]
    [InlineData("stdio", "modern")]
    [InlineData("stdio", "auto")]
    [InlineData("http", "modern")]
    [InlineData("http", "auto")]
    public Task Sdk2_InTheStatelessEraThroughMimir_UsesEverything(string transport, string era) =>
        RunAsync("sdk2", transport, era, ModernEnsemble.Kinds, modern.Origin, modern.ConfigurationPath);

    [Theory(Timeout = 200_000)]
    [InlineData("stdio", "modern")]
    [InlineData("http", "modern")]
    [InlineData("http", "auto")]
    public Task Sdk2_InTheStatelessEraThroughMimir_UsesServersOfEitherEra(string transport, string era) =>
        RunAsync("sdk2", transport, era, AcrossErasEnsemble.ModernKinds, across.Origin, across.ConfigurationPath);

    [Theory(Timeout = 200_000)]
    [InlineData("stdio")]
    [InlineData("http")]
    [InlineData("sse")]
    public Task Sdk1_ThroughMimir_UsesServersOfEitherEra(string transport) =>
        RunAsync("sdk1", transport, era: "legacy", AcrossErasEnsemble.LegacyKinds, across.Origin, across.ConfigurationPath);

    [Theory(Timeout = 200_000)]
    [InlineData("sdk1", "apps-stdio")]
    [InlineData("sdk1", "apps-http")]
    [InlineData("sdk2", "everything-stdio")]
    [InlineData("sdk2", "everything-http")]
    public Task Client_AtTheEndpointOfAServerOfTheOtherEra_UsesItUnderItsOwnNames(string driver, string server)
    {
        bool modernClient = driver == "sdk2";
        return RunAsync(
            driver,
            new JsonObject { ["transport"] = "http", ["url"] = new Uri(across.Origin, $"/mcp/{server}").ToString() },
            modernClient ? "modern" : "legacy",
            new Dictionary<string, string> { [""] = (modernClient ? AcrossErasEnsemble.ModernKinds : AcrossErasEnsemble.LegacyKinds)[server] });
    }

    [Theory(Timeout = 200_000)]
    [InlineData("sdk1", "everything-stdio")]
    [InlineData("sdk1", "everything-http")]
    [InlineData("sdk2", "everything-sse")]
    [InlineData("sdk2", "memory")]
    [InlineData("sdk2", "files")]
    [InlineData("sdk1", "apps")]
    public Task Client_AtTheEndpointOfOneServer_UsesItUnderItsOwnNames(string driver, string server) =>
        RunAsync(
            driver,
            new JsonObject { ["transport"] = "http", ["url"] = new Uri(ensemble.Origin, $"/mcp/{server}").ToString() },
            "legacy",
            new Dictionary<string, string> { [""] = Ensemble.Kinds[server] });

    private static Task RunAsync(string driver, string transport, string era, IReadOnlyDictionary<string, string> kinds, Uri origin, string configuration)
    {
        JsonObject wish = transport == "stdio"
            ? new() { ["command"] = Workshop.Mimir, ["args"] = new JsonArray("serve", "--config", configuration) }
            : new() { ["url"] = new Uri(origin, transport == "sse" ? "/sse" : "/mcp").ToString() };
        wish["transport"] = transport;
        return RunAsync(driver, wish, era, kinds);
    }

    private static async Task RunAsync(string driver, JsonObject wish, string era, IReadOnlyDictionary<string, string> kinds)
    {
        wish["era"] = era;
        wish["servers"] = JsonSerializer.SerializeToNode(kinds);
        await using PeerProcess client = PeerProcess.Start(Workshop.Node, [Workshop.Script($"drivers/{driver}.mjs"), wish.ToJsonString()]);

        int failures = await client.EndAsync(DriverLimit);

        Assert.True(failures == 0, string.Join('\n', client.Output.Split('\n').Where(line => !line.StartsWith("passed", StringComparison.Ordinal))));
        Assert.Matches(@"(?m)^\d{1,3} passed, 0 failed$", client.Output);
    }
}
