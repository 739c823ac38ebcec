using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Mimir.Functional.Audit;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Skills;

/// <summary>Skills and agents beside a configuration, before a real router and clients of every era and door.</summary>
public sealed class SkillTests : IDisposable
{
    private const string ToolNews = "notifications/tools/list_changed";
    private const string PromptNews = "notifications/prompts/list_changed";
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task SkillsAndAgents_EveryEraAndDoor_AreToolsWithTheirTextAndPath()
    {
        await using var router = await Router.HttpAsync(Two());
        await using var piped = await Router.LegacyAsync(Two());
        await using var modern = await Router.StdioAsync(Two(), modern: true);
        foreach (var client in (RawClient[])[await router.LegacyClientAsync("2024-11-05"), await router.LegacyClientAsync(), router.ModernClient(), await router.SseClientAsync(), piped.Stdio, modern.Stdio])
        {
            var listed = await client.AskAsync("tools/list");
            var own = listed.Result.At("tools").EnumerateArray().Where(t => t.At("name").Str() is "skill_deploy_it" or "agent_reviewer").ToList();
            Assert.Equal(["skill_deploy_it", "agent_reviewer"], own.Select(t => t.At("name").Str()));
            Assert.Equal("How we deploy.", own[0].At("description").Str());

            var skill = await client.CallAsync("skill_deploy_it");
            Assert.True(
                JsonElement.DeepEquals(
                    JsonElement.Parse("""{"name":"Deploy it","description":"How we deploy.","body":"# Deploy\nGo.\n","path":"ops/deploy.md"}"""),
                    JsonElement.Parse(skill.ToolText!)),
                skill.ToString());
            var agent = JsonElement.Parse((await client.CallAsync("agent_reviewer")).ToolText!);
            Assert.Equal(("reviewer", "reviewer.md", "You review."), (agent.At("name").Str(), agent.At("path").Str(), agent.At("body").Str()));
            Assert.Contains("has not executed it", agent.At("note").Str(), StringComparison.Ordinal);
            Assert.DoesNotContain(router.Folder, agent.ToString(), StringComparison.Ordinal);
            Assert.Equal(-32602, (await client.CallAsync("skill_unknown")).Code);
        }

        var tool = (await router.ModernClient().AskAsync("tools/list")).Result.At("tools").EnumerateArray().First();
        Assert.True(tool.At("annotations").At("readOnlyHint").GetBoolean());
        var structured = (await router.ModernClient().CallAsync("skill_deploy_it")).Result.At("structuredContent");
        Assert.Equal("ops/deploy.md", structured.At("path").Str());
    }

    [Fact(Timeout = 120_000)]
    public async Task SkillsAndAgents_EveryEraAndDoor_ArePromptsWithTheirTextAsAUserMessage()
    {
        await using var router = await Router.HttpAsync(Two());
        await using var piped = await Router.LegacyAsync(Two());
        await using var modern = await Router.StdioAsync(Two(), modern: true);
        foreach (var client in (RawClient[])[await router.LegacyClientAsync(), router.ModernClient(), await router.SseClientAsync(), piped.Stdio, modern.Stdio])
        {
            Assert.Equal(["skill_deploy_it", "agent_reviewer"], (await client.AskAsync("prompts/list")).Result.At("prompts").Names());
            var got = await client.AskAsync("prompts/get", "\"name\":\"skill_deploy_it\"");
            Assert.Equal("How we deploy.", got.Result.At("description").Str());
            var message = Assert.Single(got.Result.At("messages").EnumerateArray());
            Assert.Equal(("user", "# Deploy\nGo.\n"), (message.At("role").Str(), message.At("content").At("text").Str()));
            Assert.Equal("You review.", (await client.AskAsync("prompts/get", "\"name\":\"agent_reviewer\"")).Result.At("messages")[0].At("content").At("text").Str());
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Skill_AddedChangedAndTakenAway_TakesEffectWithinASecondAndClientsAreToldOfWhatTheySee(bool overStdio)
    {
        var config = Two();
        await using var router = overStdio ? await Router.LegacyAsync(config) : await Router.HttpAsync(config);
        RawClient client = overStdio ? router.Stdio : await router.LegacyClientAsync();
        var news = new ConcurrentQueue<string>();
        await client.AskAsync("prompts/list");
        await client.ToolNamesAsync();
        client.OnNotification = n => news.Enqueue(n.At("method").Str() ?? "");

        // Watching begins a moment after the start.
        var file = Path.Combine(router.Folder, "skills", "new", "SKILL.md");
        await ChangeAsync(() => Write(file, "fresh", "What it is for.", "one"), async () => (await client.ToolNamesAsync()).Contains("skill_fresh"), 6);
        await router.UntilAsync(() => Task.FromResult(news.Contains(ToolNews) && news.Contains(PromptNews)));
        Assert.Equal("one", await BodyAsync(client, "skill_fresh"));
        Assert.Contains("skill_fresh", (await client.AskAsync("prompts/list")).Result.At("prompts").Names());

        // The text alone is in no list: nobody is told.
        var told = news.Count;
        await ChangeAsync(() => Write(file, "fresh", "What it is for.", "two"), async () => await BodyAsync(client, "skill_fresh") == "two");
        Assert.Equal(told, news.Count);

        await ChangeAsync(() => Write(file, "fresh", "Something else.", "two"), () => Task.FromResult(news.Count >= told + 2));
        var tools = (await client.AskAsync("tools/list")).Result.At("tools").EnumerateArray();
        Assert.Equal("Something else.", tools.Single(t => t.At("name").Str() == "skill_fresh").At("description").Str());

        // One that is broken is told of with its line, and its siblings stay.
        await File.WriteAllTextAsync(Path.Combine(router.Folder, "skills", "broken.md"), "---\nname: broken\n---\n");
        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("broken.md:2:", StringComparison.Ordinal)));
        Assert.Contains("skill_deploy_it", await client.ToolNamesAsync());

        told = news.Count;
        await ChangeAsync(() => Directory.Delete(Path.Combine(router.Folder, "skills"), recursive: true), async () => !(await client.ToolNamesAsync()).Contains("skill_fresh"));
        Assert.Equal(-32602, (await client.CallAsync("skill_fresh")).Code);
        Assert.Contains("agent_reviewer", await client.ToolNamesAsync());
        await router.UntilAsync(() => Task.FromResult(news.Count > told));

        // The last one takes the server with it, and the first brings it back.
        Directory.Delete(Path.Combine(router.Folder, "agents"), recursive: true);
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("agent_reviewer"));
        Write(Path.Combine(router.Folder, "agents", "again.md"), "again", "d", "b");
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("agent_again"));
        Assert.Equal("b", await BodyAsync(client, "agent_again"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Skills_NamespacesAndAudit_HoldForThemAsForAnyServer()
    {
        var config = Two().Stdio("files").Top("""
            "namespaces":{"bare":{"servers":["files"]},
            "some":{"servers":["files","skills"],"permissions":{"skills":{"deniedTools":["agent_*"],"deniedPrompts":["agent_*"]}}}}
            """);
        await using var router = await Router.HttpAsync(config);
        await using var bare = new ModernHttpClient(router.Url + "/bare");
        Assert.DoesNotContain(await bare.ToolNamesAsync(), n => n.StartsWith("skill_", StringComparison.Ordinal));
        Assert.NotNull((await bare.CallAsync("skill_deploy_it")).Code);

        await using var some = new ModernHttpClient(router.Url + "/some");
        Assert.Contains("skill_deploy_it", await some.ToolNamesAsync());
        Assert.DoesNotContain("agent_reviewer", await some.ToolNamesAsync());
        Assert.NotNull((await some.CallAsync("agent_reviewer")).Code);
        Assert.Null((await some.CallAsync("skill_deploy_it")).Code);

        var records = await Journal.WaitAsync(router, 3);
        var call = records.Single(r => r.At("outcome").Str() == "ok");
        Assert.Equal(("skills", "skill_deploy_it", "allow"), (call.At("server").Str(), call.At("name").Str(), call.At("decision").Str()));
    }

    [Fact(Timeout = 60_000)]
    public async Task DryRun_SkillsAgentsAndMemory_AreCountedInTheLinesItIsKnownBy()
    {
        using var folder = new TempFolder();
        Write(folder.File("skills/a.md"), "a", "d", "b");
        Write(folder.File("skills/b/SKILL.md"), "b", "d", "b");
        Write(folder.File("agents/c.md"), "c", "d", "b");
        await File.WriteAllTextAsync(folder.File("mimir.json"), """{ "memory": { "backend": "file" } }""");

        var (code, data, words) = await _home.RunAsync("", "doctor", "--no-listeners", "--config", folder.File("."));

        Assert.True(code == 0, data + words);
        Assert.StartsWith(
            """
            [mimir] router — profile: default
            [mimir] Core: inventory, secrets, audit, memory(file)
            [mimir] Inventory: 0 hosts, 0 services
            [mimir] Plugins discovered: 0
            [mimir] Skills: 2  Agents: 1

            """.ReplaceLineEndings("\n"),
            data,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing is configured yet", data, StringComparison.Ordinal);

        (_, data, _) = await _home.RunAsync("", "doctor", "--no-listeners", "--json", "--config", folder.File("."));
        var found = JsonElement.Parse(data);
        Assert.True(found.At("ok").GetBoolean());
        Assert.Equal((2, 1, "file"), (found.At("skills").GetInt32(), found.At("agents").GetInt32(), found.At("memory").Str()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Doctor_ASkillThatIsSetAside_IsToldWithItsPlaceAndToBeMended()
    {
        using var folder = new TempFolder();
        Write(folder.File("skills/a.md"), "a", "d", "b");
        Write(folder.File("skills/b.md"), "a", "d", "b");

        var (code, data, _) = await _home.RunAsync("", "doctor", "--no-listeners", "--config", folder.File("."));

        Assert.Equal(0, code);
        Assert.Contains("Skills: 1  Agents: 0", data, StringComparison.Ordinal);
        Assert.Contains("b.md:2:7: warning: name: is the name of another one", data, StringComparison.Ordinal);
        Assert.Contains("1. Mend a skill or agent that is set aside", data, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_OfASkillFromTheCommandLine_PrintsIt()
    {
        using var folder = new TempFolder();
        Write(folder.File("skills/a.md"), "a", "d", "the body");
        var (code, data, words) = await _home.RunAsync("", "call", "skill_a", "--config", folder.File("."));
        Assert.True(code == 0, words);
        Assert.Contains("the body", data, StringComparison.Ordinal);
    }

    private static Config Two() => new Config(new Marker())
        .File("skills/ops/deploy.md", "---\nname: Deploy it\ndescription: How we deploy.\n---\n# Deploy\nGo.\n")
        .File("agents/reviewer.md", "---\nname: reviewer\ndescription: Reviews.\n---\nYou review.");

    /// <summary>A change is in force within a second; a busy machine is given a little more.</summary>
    private static async Task ChangeAsync(Action change, Func<Task<bool>> holds, int seconds = 4)
    {
        var begun = Stopwatch.StartNew();
        for (change(); !await holds(); await Task.Delay(20)) Assert.True(begun.Elapsed < TimeSpan.FromSeconds(30), "it is not in force");
        TestContext.Current.TestOutputHelper?.WriteLine($"in force after {begun.ElapsedMilliseconds} ms");
        Assert.True(begun.Elapsed < TimeSpan.FromSeconds(seconds), $"{begun.Elapsed}");
    }

    private static async Task<string?> BodyAsync(RawClient client, string tool) =>
        (await client.CallAsync(tool)).ToolText is { } text && text.StartsWith('{') ? JsonElement.Parse(text).At("body").Str() : null;

    private static void Write(string file, string name, string description, string body)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file + ".new", $"---\nname: {name}\ndescription: {description}\n---\n{body}");
        File.Move(file + ".new", file, overwrite: true);
    }
}
