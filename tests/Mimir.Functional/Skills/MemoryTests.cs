using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Skills;

/// <summary>The tools of the memory before a real router: both eras, several processes with one file, ends in the middle.</summary>
public sealed class MemoryTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] s_tools = ["memory_save", "memory_search", "memory_get", "memory_update", "memory_delete"];
    private readonly TempFolder _folder = new();

    private string Place => _folder.File("memory.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Memory_NotWanted_HasNoTools()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("files"));
        Assert.DoesNotContain(await router.Stdio.ToolNamesAsync(), n => n.StartsWith("memory", StringComparison.Ordinal));
        Assert.Equal(-32602, (await router.Stdio.CallAsync("memory_save", """{"content":"x"}""")).Code);
    }

    [Fact(Timeout = 120_000)]
    public async Task Memory_EveryEraAndDoor_SavesFindsChangesAndDeletes()
    {
        await using var router = await Router.HttpAsync(Config());
        await using var piped = await Router.LegacyAsync(Config());
        await using var modern = await Router.StdioAsync(Config(), modern: true);
        foreach (var client in (RawClient[])[await router.LegacyClientAsync("2024-11-05"), router.ModernClient(), await router.SseClientAsync(), piped.Stdio, modern.Stdio])
        {
            Assert.Equal(s_tools, (await client.ToolNamesAsync()).Where(n => n.StartsWith("memory", StringComparison.Ordinal)));
            var id = (await OkAsync(client, "memory_save", """{"content":"The build needs .NET 10","tags":["build","net"]}""")).At("id").Str()!;
            await OkAsync(client, "memory_save", """{"content":"Lunch at noon"}""");

            var found = await OkAsync(client, "memory_search", """{"query":"BUILD net"}""");
            Assert.Equal(id, Assert.Single(found.At("entries").EnumerateArray()).At("id").Str());
            Assert.Equal(1, found.At("total").GetInt32());
            Assert.Equal("Lunch at noon", (await OkAsync(client, "memory_search", """{"query":"","limit":1}""")).At("entries")[0].At("content").Str());
            Assert.Empty((await OkAsync(client, "memory_search", """{"query":"build lunch"}""")).At("entries").EnumerateArray());

            await OkAsync(client, "memory_update", $$"""{"id":"{{id}}","content":"The build needs .NET 11"}""");
            var entry = await OkAsync(client, "memory_get", $$"""{"id":"{{id}}"}""");
            Assert.Equal(("The build needs .NET 11", "build"), (entry.At("content").Str(), entry.At("tags")[0].GetString()));

            Assert.True((await OkAsync(client, "memory_delete", $$"""{"id":"{{id}}"}""")).At("deleted").GetBoolean());
            foreach (var tool in (string[])["memory_get", "memory_delete"]) await FailsAsync(client, tool, $$"""{"id":"{{id}}"}""", "There is no memory of that id");
            foreach (var entryLeft in (await OkAsync(client, "memory_search", """{"query":""}""")).At("entries").EnumerateArray())
            {
                await OkAsync(client, "memory_delete", $$"""{"id":"{{entryLeft.At("id").Str()}}"}""");
            }
        }

        var hints = (await router.ModernClient().AskAsync("tools/list")).Result.At("tools").EnumerateArray().ToDictionary(t => t.At("name").Str()!, t => t.At("annotations"));
        Assert.True(hints["memory_search"].At("readOnlyHint").GetBoolean());
        Assert.False(hints["memory_save"].At("readOnlyHint").GetBoolean());
        Assert.True(hints["memory_delete"].At("destructiveHint").GetBoolean());
    }

    [Theory(Timeout = 120_000)]
    [InlineData("memory_save", "{}", "'content' must be a string")]
    [InlineData("memory_save", """{"content":""}""", "'content' must not be empty")]
    [InlineData("memory_save", """{"content":7}""", "'content' must be a string")]
    [InlineData("memory_save", """{"content":"x","tags":"y"}""", "'tags' must be an array of strings")]
    [InlineData("memory_save", """{"content":"x","tags":[""]}""", "of 1 to 64 characters")]
    [InlineData("memory_search", """{"query":"x","limit":0}""", "'limit' must be an integer from 1 to 100")]
    [InlineData("memory_search", "{}", "'query' must be a string")]
    [InlineData("memory_get", """{"id":"nobody"}""", "There is no memory of that id")]
    public async Task Memory_WrongArguments_AreToolErrorsThatNameThem(string tool, string arguments, string words)
    {
        await using var router = await Router.LegacyAsync(Config());
        await FailsAsync(router.Stdio, tool, arguments, words);
        Assert.Equal(0, (await OkAsync(router.Stdio, "memory_search", """{"query":""}""")).At("total").GetInt32());
    }

    [Fact(Timeout = 120_000)]
    public async Task Memory_WithoutAPath_IsInTheStateFolderForItsOwnerAlone()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Top("\"memory\":{\"backend\":\"file\"}"));
        await OkAsync(router.Stdio, "memory_save", """{"content":"kept"}""");
        var file = Path.Combine(router.Folder, "state", "mimir", "memory", "memory.jsonl");
        Assert.Contains("kept", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact(Timeout = 120_000)]
    public async Task Memory_DeniedByANamespace_CanBeReadAndNotWritten()
    {
        await using var router = await Router.HttpAsync(Config().Top("""
            "namespaces":{"reader":{"servers":["memory"],"denyByDefault":true,"permissions":{"memory":{"allowedTools":["memory_search","memory_get"]}}}}
            """));
        var client = router.ModernClient();
        Assert.Equal(["memory_search", "memory_get"], await client.ToolNamesAsync());
        Assert.NotNull((await client.CallAsync("memory_save", """{"content":"x"}""")).Code);
        Assert.False(File.Exists(Place));
    }

    [Fact(Timeout = 240_000)]
    public async Task Memory_ThreeProcessesOneFile_LosesNothingThatWasAnswered()
    {
        var routers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Router.LegacyAsync(Config())));
        try
        {
            var saves = await Task.WhenAll(routers.Select(async (router, r) =>
            {
                var ids = new List<string>();
                for (var i = 0; i < 20; i++) ids.Add((await OkAsync(router.Stdio, "memory_save", $$"""{"content":"{{r}}-{{i}}"}""")).At("id").Str()!);
                await OkAsync(router.Stdio, "memory_delete", $$"""{"id":"{{ids[0]}}"}""");
                return ids.Skip(1);
            }));

            var found = (await OkAsync(routers[0].Stdio, "memory_search", """{"query":"","limit":100}""")).At("entries").EnumerateArray().Select(e => e.At("id").Str()!);
            Assert.Equal(saves.SelectMany(s => s).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }
        finally
        {
            foreach (var router in routers) await router.DisposeAsync();
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task Memory_BurstOfOneClient_WaitsInLineAndIsAllThere()
    {
        await using var router = await Router.HttpAsync(Config());
        var client = router.ModernClient();
        var saves = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.CallAsync("memory_save", $$"""{"content":"burst {{i}}"}""", TimeSpan.FromSeconds(120))));

        Assert.All(saves, reply => Assert.True(reply.ToolText?.StartsWith("{\"id\"", StringComparison.Ordinal) == true, reply.ToString()));
        Assert.Equal(100, (await OkAsync(client, "memory_search", """{"query":"burst"}""")).At("total").GetInt32());
    }

    [Fact(Timeout = 300_000)]
    public async Task Memory_KilledInTheMiddleOfSaves_HasAllThatWasAnswered()
    {
        var answered = new List<string>();
        var random = new Random(11);
        for (var round = 0; round < 8; round++)
        {
            await using var router = await Router.LegacyAsync(Config());
            await OkAsync(router.Stdio, "memory_search", """{"query":""}""");
            using var killing = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(5, 250)));
            await using var kill = killing.Token.Register(() => Posix.Kill(router.Process.Id, Posix.Kill9));
            try
            {
                for (var i = 0; i < 500 && !router.Process.HasExited; i++)
                {
                    var content = $"{round}-{i}-{new string('x', 2000)}";
                    var reply = await router.Stdio.CallAsync("memory_save", $$"""{"content":"{{content}}"}""", TimeSpan.FromSeconds(10));
                    if (reply.ToolText is not null && reply.Result.At("isError").ValueKind != JsonValueKind.True) answered.Add(content);
                }
            }
            catch (Exception e) when (e is IOException or TimeoutException or ObjectDisposedException)
            {
                // The router is dead: what it has not answered may be there or not.
            }

            await router.Process.WaitForExitAsync();
        }

        await using var after = await Router.LegacyAsync(Config());
        await OkAsync(after.Stdio, "memory_save", """{"content":"after"}""");
        var kept = (await File.ReadAllLinesAsync(Place)).Skip(1).Where(l => l.StartsWith("{\"id\"", StringComparison.Ordinal) && l.EndsWith('}')).Select(l => JsonElement.Parse(l).At("content").Str()).OfType<string>().ToHashSet();
        output.WriteLine($"{answered.Count} answered in 8 lives, {kept.Count} there");
        Assert.NotEmpty(answered);
        Assert.True(kept.IsSupersetOf(answered), "an answer was given too early");
        Assert.Contains("after", kept);
    }

    [Fact(Timeout = 120_000)]
    public async Task Memory_DiskFull_IsAToolErrorAndWhatWasThereStays()
    {
        var mimir = await Repository.MimirAsync();
        await using (var router = await Router.LegacyAsync(Config())) await OkAsync(router.Stdio, "memory_save", """{"content":"old"}""");
        await File.WriteAllTextAsync(_folder.File("mimir.json"), Config().ToString());

        // No file may grow beyond 1 KiB; the signal that comes with it is ignored, as on a full disk there is none.
        var info = new System.Diagnostics.ProcessStartInfo("/bin/bash", ["-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "-", mimir, "serve", "--config", _folder.File("mimir.json")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        info.Environment["XDG_STATE_HOME"] = _folder.File("state");
        using var process = System.Diagnostics.Process.Start(info)!;
        _ = process.StandardError.ReadToEndAsync();
        await using var client = new StdioClient(process);
        await client.InitializeAsync();

        await FailsAsync(client, "memory_save", $$"""{"content":"{{new string('x', 3000)}}"}""", "the disk of the router is full");
        Assert.Equal("old", Assert.Single((await OkAsync(client, "memory_search", """{"query":""}""")).At("entries").EnumerateArray()).At("content").Str());
        await OkAsync(client, "memory_save", """{"content":"small"}""");
        client.CloseInput();
        await process.WaitForExitAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Memory_DamagedLine_IsToldToTheModelTheOperatorAndTheDoctor()
    {
        await using var router = await Router.LegacyAsync(Config());
        await OkAsync(router.Stdio, "memory_save", """{"content":"whole"}""");
        await File.AppendAllTextAsync(Place, "{\"id\":\"half\n");

        var found = await OkAsync(router.Stdio, "memory_search", """{"query":""}""");
        Assert.Equal((1, 1), (found.At("total").GetInt32(), found.At("damaged_lines").GetInt32()));
        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("1 damaged line, the first about line 3", StringComparison.Ordinal)));

        var (_, data, _) = await Router.LookAsync(Config(), "doctor", "--no-listeners");
        Assert.Contains("memory(file)", data, StringComparison.Ordinal);
        Assert.Contains("1 damaged line", data, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Serve_BackendThatIsNotThere_IsRefusedWithThoseThatAre()
    {
        var (code, data, words) = await Router.LookAsync(new Config(new Marker()).Top("\"memory\":{\"backend\":\"sqlite\"}"), "config", "check");
        Assert.NotEqual(0, code);
        Assert.Contains("\"sqlite\" is not supported: there are noop and file", data + words, StringComparison.Ordinal);
    }

    private Config Config() => new Config(new Marker()).Top($"\"memory\":{{\"backend\":\"file\",\"path\":{JsonSerializer.Serialize(Place)}}}");

    private static async Task<JsonElement> OkAsync(RawClient client, string tool, string arguments)
    {
        var reply = await client.CallAsync(tool, arguments);
        Assert.True(reply.ToolText is not null && reply.Result.At("isError").ValueKind is not JsonValueKind.True, reply.ToString());
        return JsonElement.Parse(reply.ToolText);
    }

    private static async Task FailsAsync(RawClient client, string tool, string arguments, string words)
    {
        var reply = await client.CallAsync(tool, arguments);
        Assert.True(reply.Result.At("isError").ValueKind is JsonValueKind.True, reply.ToString());
        Assert.Contains(words, reply.ToolText, StringComparison.Ordinal);
    }
}
