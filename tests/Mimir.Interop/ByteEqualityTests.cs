using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mimir.Interop.Raw;
using Mimir.Peers;

namespace Mimir.Interop;

/// <summary>
/// What comes through Mimir is, byte for byte, what the server said: every entry of every list but for its name, every
/// result, every error that the server answered.
/// </summary>
public sealed partial class ByteEqualityTests(Ensemble ensemble, ModernEnsemble modern)
{
    /// <summary>Every server, through every transport of the session era.</summary>
    public static TheoryData<string, string> LegacyPairs =>
        new(from server in Ensemble.Kinds.Keys from transport in (string[])["stdio", "http", "sse"] select (server, transport));

    /// <summary>Every server, through every transport of the stateless era.</summary>
    public static TheoryData<string, string> ModernPairs =>
        new(from server in ModernEnsemble.Kinds.Keys from transport in (string[])["stdio", "http"] select (server, transport));

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(LegacyPairs))]
    public async Task Everything_OfTheSessionEra_IsByteEqualToADirectConnection(string server, string transport)
    {
        await using RawClient direct = await RawClient.LegacyAsync(await DirectAsync(ensemble.Servers[server]!));
        await using RawClient through = await RawClient.LegacyAsync(await ThroughAsync(transport, ensemble.Origin, ensemble.ConfigurationPath));

        await CompareListsAsync(direct, through, server);
        await CompareResultsAsync(direct, through, server, Request.For(Ensemble.Kinds[server], ensemble.Folder.FullName));
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(ModernPairs))]
    public async Task Everything_OfTheStatelessEra_IsByteEqualToADirectConnection(string server, string transport)
    {
        await using RawClient direct = RawClient.Modern(await DirectAsync(modern.Servers[server]!));
        await using RawClient through = RawClient.Modern(await ThroughAsync(transport, modern.Origin, modern.ConfigurationPath));

        await CompareListsAsync(direct, through, server);
        await CompareResultsAsync(direct, through, server, Request.For("modern", ""));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("everything-http")]
    [InlineData("files")]
    [InlineData("memory")]
    [InlineData("apps")]
    public async Task EndpointOfOneServer_InTheSessionEra_IsByteEqualUnderItsOwnNames(string server)
    {
        await using RawClient direct = await RawClient.LegacyAsync(await DirectAsync(ensemble.Servers[server]!));
        await using RawClient through = await RawClient.LegacyAsync(new RawHttp(new Uri(ensemble.Origin, $"/mcp/{server}")));

        foreach (var (method, key) in Lists)
        {
            // Clients that cannot be asked anything share a connection, and so see what other tests have made over it.
            IEnumerable<string> found = await through.ListAsync(method, key);
            Assert.Equal(await direct.ListAsync(method, key), found.Where(entry => !entry.Contains("demo://resource/session/", StringComparison.Ordinal)));
        }

        await CompareResultsAsync(direct, through, null, Request.For(Ensemble.Kinds[server], ensemble.Folder.FullName));
    }

    private static (string Method, string Key)[] Lists =>
        [("tools/list", "tools"), ("prompts/list", "prompts"), ("resources/list", "resources"), ("resources/templates/list", "resourceTemplates")];

    private static async Task CompareListsAsync(RawClient direct, RawClient through, string server)
    {
        foreach (var (method, key) in Lists)
        {
            IReadOnlyList<string> expected = await direct.ListAsync(method, key);
            bool named = key is "tools" or "prompts";
            IReadOnlyList<string> found;
            string[] missing;

            // A list does not wait for a server that starts slowly; such a server's entries come later.
            long begun = Stopwatch.GetTimestamp();
            do
            {
                found = await through.ListAsync(method, key);
                missing = [.. expected.Select(entry => named ? Names.Renamed(entry, server) : entry).Except(found, StringComparer.Ordinal)];
            }
            while (missing.Length > 0 && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30));

            Assert.True(missing is [], $"{method} through Mimir lacks\n{string.Join('\n', missing)}\nand has\n{string.Join('\n', found)}");
        }
    }

    private static async Task CompareResultsAsync(RawClient direct, RawClient through, string? server, IReadOnlyList<Request> requests)
    {
        var differences = new List<string>();
        foreach (Request request in requests)
        {
            string expected = await direct.ResultAsync(request.Method, Fill(request.Params, null));
            string found = await through.ResultAsync(request.Method, Fill(request.Params, server));
            if (expected != found)
            {
                differences.Add($"{request.Method} {request.Params}\n  direct  {Shorten(expected)}\n  through {Shorten(found)}");
            }
        }

        Assert.True(differences is [], string.Join('\n', differences));
    }

    /// <summary>Puts the names in that the endpoint lists.</summary>
    private static string Fill(string parameters, string? server) =>
        Placeholder().Replace(parameters, match => server is null ? match.Groups["name"].Value : Names.Prefixed(server, match.Groups["name"].Value));

    private static string Shorten(string text) => text.Length <= 600 ? text : $"{text[..600]}... ({text.Length} characters)";

    private async Task<IRawLine> DirectAsync(JsonNode server)
    {
        if (server["command"] is { } command)
        {
            return new RawStdio(
                command.GetValue<string>(),
                server["args"]!.AsArray().Select(argument => argument!.GetValue<string>()),
                MemoryOfItsOwn(server));
        }

        var url = new Uri(server["url"]!.GetValue<string>());
        return server["type"]!.GetValue<string>() == "sse" ? await RawSse.ConnectAsync(url) : new RawHttp(url);
    }

    /// <summary>server-memory keeps a file; the direct one starts with an empty one of its own.</summary>
    private Dictionary<string, string>? MemoryOfItsOwn(JsonNode server) =>
        server["env"]?["MEMORY_FILE_PATH"] is null
            ? null
            : new() { ["MEMORY_FILE_PATH"] = Path.Combine(ensemble.Scratch.FullName, $"{Guid.NewGuid():N}.json") };

    private static async Task<IRawLine> ThroughAsync(string transport, Uri origin, string configuration) => transport switch
    {
        "stdio" => new RawStdio(Workshop.Mimir, ["serve", "--config", configuration]),
        "http" => new RawHttp(new Uri(origin, "/mcp")),
        _ => await RawSse.ConnectAsync(new Uri(origin, "/sse")),
    };

    [GeneratedRegex(@"\{name:(?<name>[^}]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
