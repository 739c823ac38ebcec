using System.Diagnostics;
using System.Text.Json.Nodes;
using Mimir.Interop.Raw;

namespace Mimir.Interop;

/// <summary>
/// server-everything lists some tools only to clients that can do what these need. A client of the stateless era is listed what a client
/// of the server's own era with the same capabilities is listed by the server itself.
/// </summary>
public sealed class CapabilityTests(AcrossErasEnsemble ensemble)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <summary>The servers, and kinds of clients.</summary>
    public static TheoryData<string, string> Clients =>
        new(from server in AcrossErasEnsemble.LegacyServers
            from capabilities in (string[])
            [
                "{}",
                """{"roots":{}}""",
                """{"sampling":{}}""",
                """{"elicitation":{}}""",
                """{"elicitation":{"form":{}}}""",
                """{"elicitation":{"url":{}}}""",
                """{"elicitation":{"form":{},"url":{}},"sampling":{},"roots":{}}""",
            ]
            select (server, capabilities));

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Clients))]
    public async Task Tools_AcrossEras_AreThoseOfTheClientsCapabilities(string server, string capabilities)
    {
        await using RawClient direct = await RawClient.LegacyAsync(Direct(server), capabilities: capabilities);
        await using RawClient through = RawClient.Modern(new RawHttp(new Uri(ensemble.Origin, $"/mcp/{server}")), capabilities);

        string expected, found;

        // The server adds tools after it has been greeted, and says so; Mimir asks again then.
        long begun = Stopwatch.GetTimestamp();
        do
        {
            expected = await NamesAsync(direct);
            found = await NamesAsync(through);
        }
        while (expected != found && Stopwatch.GetElapsedTime(begun) < Limit);

        Assert.Equal(expected, found);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("everything-stdio")]
    [InlineData("everything-http")]
    public async Task Tools_AcrossEras_AreFewerForClientsThatCanDoLess(string server)
    {
        var endpoint = new Uri(ensemble.Origin, $"/mcp/{server}");
        await using RawClient poor = RawClient.Modern(new RawHttp(endpoint));
        await using RawClient rich = RawClient.Modern(new RawHttp(endpoint), """{"sampling":{}}""");

        string names;
        long begun = Stopwatch.GetTimestamp();
        do
        {
            names = await NamesAsync(rich);
        }
        while (!names.Contains("trigger-sampling-request", StringComparison.Ordinal) && Stopwatch.GetElapsedTime(begun) < Limit);

        Assert.Contains("trigger-sampling-request", names, StringComparison.Ordinal);
        Assert.DoesNotContain("trigger-sampling-request", await NamesAsync(poor), StringComparison.Ordinal);
    }

    private static async Task<string> NamesAsync(RawClient client)
    {
        IReadOnlyList<string> tools = await client.ListAsync("tools/list", "tools");
        return string.Join(' ', tools.Select(tool => JsonNode.Parse(tool)!["name"]!.GetValue<string>()));
    }

    private IRawLine Direct(string server)
    {
        JsonNode entry = ensemble.Servers[server]!;
        return entry["url"] is { } url
            ? new RawHttp(new Uri(url.GetValue<string>()))
            : new RawStdio(entry["command"]!.GetValue<string>(), entry["args"]!.AsArray().Select(argument => argument!.GetValue<string>()));
    }
}
