using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Isolation;
using Mimir.Functional.Plugins;

namespace Mimir.Functional.Reload;

/// <summary>Every kind of file is broken, mended and written slowly while clients call: the old state serves on, and the fault is told with its place.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    /// <summary>How many mutants are tried: <c>MIMIR_MUTANTS</c>, default 24.</summary>
    private static readonly int Mutants = int.TryParse(Environment.GetEnvironmentVariable("MIMIR_MUTANTS"), CultureInfo.InvariantCulture, out var n) ? n : 24;

    private const int Steps = 500;

    [Fact(Timeout = 3_600_000)]
    public async Task Files_BrokenOneAfterTheOtherUnderLoad_AreToldWithTheirPlaceAndLoseNoCall()
    {
        var seed = IsolationSettings.Seed;
        output.WriteLine($"MIMIR_SEED={seed}");
        var random = new Random(seed);
        var config = Everything();
        await using var router = await Router.HttpAsync(config);
        var clients = new RawClient[] { await router.LegacyClientAsync(), router.ModernClient(), await router.SseClientAsync() };
        var there = await SettledAsync(router, clients);
        using var over = new CancellationTokenSource();
        var load = clients.SelectMany(c => new[] { "stays_echo", "one_echo", "four_echo", "echo_echo" }.Select(tool => CallAllAsync(c, tool, over.Token))).ToList();
        var told = new List<string>();
        router.OnWords = line =>
        {
            lock (told) told.Add(line);
        };

        string[] files = [.. config.Files.Keys.Where(f => !f.EndsWith(".py", StringComparison.Ordinal)), "mimir.json"];
        for (var i = 0; i < Mutants; i++)
        {
            var file = Path.Combine(router.Folder, files[i % files.Length]);
            var good = await File.ReadAllBytesAsync(file, CancellationToken.None);
            var mutant = Mutant.Of(file, good, random);
            lock (told) told.Clear();
            await File.WriteAllBytesAsync(file, mutant.Bytes, CancellationToken.None);
            await router.UntilAsync(() => Task.FromResult(mutant.Lines.Any(line => Has(told, $"{file}:{line}:")) && (!mutant.IsTakenOver || Has(told, "was read again"))), $"mutant {i}, {mutant}");
            lock (told) told.Clear();
            await File.WriteAllBytesAsync(file, good, CancellationToken.None);
            await router.UntilAsync(() => Task.FromResult(Has(told, "was read again")), $"after mutant {i}, {mutant}");
            output.WriteLine($"{i}: {mutant}");
        }

        await over.CancelAsync();
        var ends = await Task.WhenAll(load);
        output.WriteLine($"{Mutants} mutants, {ends.Sum(e => e.Calls)} calls");
        Assert.Empty(ends.SelectMany(e => e.Failures).Take(5));
        Assert.Equal(there, router.Marker.Pids("stays", "echo"));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("mimir.json")]
    [InlineData("theirs/mcp.json")]
    [InlineData("skills/one.md")]
    public async Task File_WrittenInSingleBytesUnderLoad_IsNeverReadHalf(string name)
    {
        var config = Everything();
        await using var router = await Router.HttpAsync(config);
        var clients = new RawClient[] { await router.LegacyClientAsync(), router.ModernClient() };
        var there = await SettledAsync(router, clients);
        using var over = new CancellationTokenSource();
        var load = clients.Select(c => CallAllAsync(c, "stays_echo", over.Token)).ToList();
        var before = router.Words.Length;
        var texts = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var read = ReadAllAsync(clients[0], texts, over.Token);
        var text = Encoding.UTF8.GetBytes(name switch
        {
            "mimir.json" => config.Stdio("added").ToString(),
            "theirs/mcp.json" => new string(' ', Steps) + config.Files[name].Replace("\"mcpServers\": {", "\"mcpServers\": {\n    \"added\": " + Server(config, "added") + ",", StringComparison.Ordinal),
            _ => config.Files[name] + string.Concat(Enumerable.Range(0, Steps).Select(static n => $"Step {n}.\n")),
        });
        Assert.True(text.Length > Steps);

        await using (var file = new FileStream(Path.Combine(router.Folder, name), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 1))
        {
            await file.WriteAsync(text.AsMemory(0, text.Length - Steps), CancellationToken.None);
            for (var i = text.Length - Steps; i < text.Length; i++)
            {
                await file.WriteAsync(text.AsMemory(i, 1), CancellationToken.None);
                await file.FlushAsync(CancellationToken.None);
                await Task.Delay(3, CancellationToken.None);
            }
        }

        await router.UntilAsync(() => Task.FromResult(name.EndsWith(".md", StringComparison.Ordinal) ? texts.Count > 1 : router.Words.Contains("added added", StringComparison.Ordinal)));
        await over.CancelAsync();
        await read;
        Assert.Equal(name.EndsWith(".md", StringComparison.Ordinal) ? ["Do it.", $"Step {Steps - 1}."] : ["Do it."], texts.Keys.Order(StringComparer.Ordinal));
        Assert.Empty((await Task.WhenAll(load)).SelectMany(e => e.Failures).Take(5));
        Assert.DoesNotContain("error", router.Words[before..], StringComparison.Ordinal);
        Assert.DoesNotContain("warning", router.Words[before..], StringComparison.Ordinal);
        Assert.Equal(there, router.Marker.Pids("stays", "echo"));
    }

    private static bool Has(List<string> told, string text)
    {
        lock (told) return told.Exists(line => line.Contains(text, StringComparison.Ordinal));
    }

    private static Config Everything()
    {
        var config = new Config(new Marker()).Stdio("stays");
        config.Echo($"""
            [plugin]
            name = "echo"
            version = "1"
            [runtime]
            entry = "server.py"
            [runtime.env]
            {Marker.Variable} = "{config.Marker.Word}"
            {Marker.Role} = "echo"
            [security]
            """);
        return config
            .File("servers/one.json", Server(config, "one"))
            .File("data/two/mcp_settings.json", Server(config, "two"))
            .File("namespaces/all.json", "{\n  \"servers\": [\n    \"stays\", \"one\", \"two\", \"three\", \"four\", \"echo\", \"skills\"\n  ]\n}\n")
            .File("backends.yaml", $"backends:\n  - name: three\n    command: {Repository.Wicked}\n    args:\n      - --script\n      - '{{\"name\":\"three\"}}'\n    env:\n      {Marker.Variable}: {config.Marker.Word}\n")
            .File("inventory/hosts.yaml", "hosts:\n  - name: a\n    type: linux\n    address: h\n")
            .File("inventory/host-nas.yaml", "hosts:\n  - name: nas\n    type: linux\n    address: nas.lan\n    tags: [storage]\n")
            .File("profiles/default.yaml", "enabled_plugins:\n  - echo\n")
            .File("plugins/.switched.json", "{\n  \"echo\": true\n}\n")
            .File("theirs/mcp.json", $"{{\n  \"mcpServers\": {{\n    \"four\": {Server(config, "four")}\n  }}\n}}\n").Top("\"include\":[\"theirs/*.json\"]")
            .File("skills/one.md", "---\nname: one\ndescription: How it is done.\n---\n# One\nDo it.\n")
            .File("agents/two.md", "---\nname: two\ndescription: Whom to be.\n---\nYou do it.\n");
    }

    private static string Server(Config config, string name) => $$"""
        {
          "command": "{{Repository.Wicked}}",
          "args": ["--script", "{\"name\":\"{{name}}\"}"],
          "env": {
            "{{Marker.Variable}}": "{{config.Marker.Word}}"
          }
        }
        """;

    /// <summary>Has a skill read over and over, and notes the last lines that it had.</summary>
    private static async Task ReadAllAsync(RawClient client, ConcurrentDictionary<string, int> lastLines, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var body = JsonElement.Parse((await client.CallAsync("skill_one")).ToolText ?? "{}").At("body").Str() ?? "none";
            lastLines.AddOrUpdate(body.TrimEnd().Split('\n')[^1], 1, static (_, count) => count + 1);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    /// <summary>Waits until every server is there for everyone.</summary>
    /// <returns>The processes of two of them: each kind of client has its own.</returns>
    private static async Task<HashSet<int>> SettledAsync(Router router, RawClient[] clients)
    {
        foreach (var client in clients)
        {
            foreach (var tool in (string[])["stays_echo", "one_echo", "two_echo", "three_echo", "four_echo", "echo_echo", "skill_one", "agent_two"])
            {
                await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains(tool));
                Assert.Null((await client.CallAsync(tool, tool.EndsWith("_echo", StringComparison.Ordinal) ? """{"text":"x"}""" : "{}")).Code);
            }
        }

        return await router.Marker.SettledAsync("stays", "echo");
    }

    private static async Task<(int Calls, List<string> Failures)> CallAllAsync(RawClient client, string tool, CancellationToken over)
    {
        var (calls, failures) = (0, new List<string>());
        while (!over.IsCancellationRequested)
        {
            var reply = await client.CallAsync(tool, """{"text":"x"}""");
            calls++;
            if (reply.Code is not null) failures.Add($"{tool}: {reply}");
            await Task.Delay(5, CancellationToken.None);
        }

        return (calls, failures);
    }
}
