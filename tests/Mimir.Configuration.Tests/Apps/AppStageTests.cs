using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mimir.Configuration.Apps;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Apps;

/// <summary>Servers that are apps on this machine, as those announce themselves.</summary>
public sealed class AppStageTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public AppStageTests()
    {
        _workspace.Environment["XDG_STATE_HOME"] = Path.Combine(_workspace.Folder, "state");
        _workspace.Environment["HOME"] = _workspace.Folder;
        _workspace.Write("mimir.json", """{ "mcpServers": { "game": { "app": "My Game" } } }""");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Load_AppThatRuns_IsReachedWhereItSays()
    {
        Announce("1.json", "My Game", "http://127.0.0.1:4711/mcp");

        var result = _workspace.Load();

        Assert.Equal(new Uri("http://127.0.0.1:4711/mcp"), Assert.IsType<HttpModel>(Expect.Server(result).Transport).Url);
        Assert.Equal([("game", "My Game")], result.Apps.Servers);
        Assert.Contains(Path.Combine(_workspace.Folder, "state", "mimir", "hosts"), result.IncludePlaces);
    }

    [Fact]
    public void Load_AppThatComesByItself_HasNoAddress()
    {
        Announce("1.json", "My Game", null);
        _workspace.Write("mimir.json", """{ "mcpServers": { "game": { "app": "My Game", "headers": { "X": "1" }, "cluster": "c" } } }""");

        var result = _workspace.Load();

        Assert.Equal(new DoorModel("My Game"), Assert.Single(result.Model!.Servers).Transport);
        Expect.Warning(result, "mcpServers.game.headers", "has no effect: the app comes to Mimir by itself", "Remove it");
    }

    [Fact]
    public void Load_WhatIsForOthersAtAnAppThatComesByItself_IsRefused()
    {
        Announce("1.json", "My Game", null);
        _workspace.Write("mimir.json", """{ "mcpServers": { "game": { "app": "My Game", "args": ["x"] } } }""");

        Expect.Error(_workspace.Load(), "mcpServers.game.args", "args go with command, and the server has app");
    }

    /// <summary>What holds of an app that listens is no error when it comes by itself: who announces what must not decide whether a configuration is taken.</summary>
    [Theory]
    [InlineData("/health")]
    [InlineData("http://127.0.0.1:9000/health")]
    public void Load_HealthEndpointOfAnApp_HoldsHoweverTheAppIsReached(string endpoint)
    {
        _workspace.Write("mimir.json", $$"""{ "mcpServers": { "game": { "app": "My Game", "healthCheck": { "endpoint": "{{endpoint}}" } } } }""");
        Assert.NotNull(_workspace.Load().Model);
        Announce("1.json", "My Game", "http://127.0.0.1:4711/mcp");
        Assert.NotNull(Expect.Server(_workspace.Load()).Health?.Endpoint);
        Announce("1.json", "My Game", null);

        var result = _workspace.Load();

        Expect.Warning(result, "mcpServers.game.healthCheck.endpoint", "has no effect: the app comes to Mimir by itself", "asked over MCP");
        Assert.Null(Assert.Single(result.Model!.Servers).Health?.Endpoint);
    }

    [Theory]
    [InlineData(null, "http://127.0.0.1:4711/mcp", 0)]
    [InlineData("Another Game", "http://127.0.0.1:4711/mcp", 0)]
    [InlineData("My Game", "http://192.168.0.1:4711/mcp", 0)]
    [InlineData("My Game", "file:///etc/passwd", 0)]
    [InlineData("My Game", "http://me:secret@127.0.0.1:4711/mcp", 0)]
    [InlineData("My Game", "http://127.0.0.1:4711/mcp", -100)]
    public void Load_AppThatDoesNotRun_IsSwitchedOffAndSaidToBe(string? name, string url, int startedSecondsOff)
    {
        if (name is not null) Announce("1.json", name, url, startedSecondsOff);

        var result = _workspace.Load();

        Expect.Warning(result, "mcpServers.game.app", "does not run", "mimir apps");
        Assert.Empty(result.Model!.Servers);
        Assert.Contains("game", result.SwitchedOff);
    }

    [Fact]
    public void Load_FilesThatAreNone_ArePassedOver()
    {
        var folder = Announce("1.json", "My Game", "http://127.0.0.1:4711/mcp");
        File.WriteAllText(Path.Combine(folder, "a.json"), "{");
        File.WriteAllText(Path.Combine(folder, "b.json"), "[]");
        File.WriteAllText(Path.Combine(folder, "c.json"), """{ "name": 1, "url": 2, "pid": "3" }""");
        File.WriteAllText(Path.Combine(folder, "d.json"), $$"""{ "name": "big", "url": "http://127.0.0.1:1/", "pid": {{Environment.ProcessId}}, "more": "{{new string('x', 20_000)}}" }""");
        File.WriteAllText(Path.Combine(folder, "e.json"), """{ "name": "dead", "url": "http://127.0.0.1:1/", "pid": 2147483647 }""");
        File.WriteAllText(Path.Combine(folder, "f.json"), $$"""{ "name": "bad\u001b[31m", "url": "http://127.0.0.1:1/", "pid": {{Environment.ProcessId}} }""");

        Assert.Equal("My Game", Assert.Single(AnnouncedApps.Find(folder)).Name);
        Expect.Server(_workspace.Load());
    }

    /// <summary>Apps that were killed leave their files behind, and no number of them hides one that runs.</summary>
    [Fact]
    public void Find_BehindManyThatWereKilled_FindsTheOneThatRuns()
    {
        var folder = Announce("0.json", "My Game", "http://127.0.0.1:4711/mcp");
        for (var i = 0; i < 2000; i++)
        {
            // Folders are listed in an order of their own: some are made before it, some after.
            if (i == 1000) Announce("m.json", "My Game", "http://127.0.0.1:4711/mcp");
            var left = Path.Combine(folder, $"{i}.json");
            File.WriteAllText(left, """{ "name": "My Game", "url": "http://127.0.0.1:1/", "pid": 2147483647 }""");
            File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddDays(-1));
        }

        Assert.Equal("My Game", Assert.Single(AnnouncedApps.Find(folder)).Name);
    }

    /// <summary>Two that come by themselves are taken as they come, and not the newer one first.</summary>
    [Fact]
    public void Load_TwoOfANameThatComeByThemselves_TellsThatEitherMayBeReached()
    {
        Announce("1.json", "My Game", null);
        Announce("2.json", "My Game", null);

        Expect.Warning(_workspace.Load(), "mcpServers.game.app", "any of them may be reached that comes by itself", "a name of its own");
    }

    [Fact]
    public void Load_TwoOfAName_TellsIt()
    {
        Announce("1.json", "My Game", "http://127.0.0.1:4711/mcp");
        Announce("2.json", "My Game", "http://127.0.0.1:4712/mcp");

        Expect.Warning(_workspace.Load(), "mcpServers.game.app", "the name of 2 apps that run", "a name of its own");
    }

    [Fact]
    public void Load_AppThatAsksForAToken_SaysHowToGiveIt()
    {
        Announce("1.json", "My Game", "http://127.0.0.1:4711/mcp", needsToken: true);

        Expect.Warning(_workspace.Load(), "mcpServers.game.app", "asks for a token", "${secret:NAME}");

        _workspace.Write("mimir.json", """{ "mcpServers": { "game": { "app": "My Game", "headers": { "Authorization": "Bearer abc" } } } }""");
        Assert.Equal("Bearer abc", Assert.IsType<HttpModel>(Expect.Server(_workspace.Load()).Transport).Headers["Authorization"]);
    }

    [Theory]
    [InlineData("""{ "app": "My Game", "url": "http://127.0.0.1:1/mcp" }""", "stands beside url")]
    [InlineData("""{ "app": "My Game", "command": "x" }""", "stands beside command")]
    [InlineData("""{ "app": "" }""", "is no name of an app")]
    [InlineData("""{ "app": 3 }""", "is no name of an app")]
    public void Load_WrongApp_IsAnErrorAtItsPlace(string server, string message)
    {
        Announce("1.json", "My Game", "http://127.0.0.1:4711/mcp");
        _workspace.Write("mimir.json", $$"""{ "mcpServers": { "game": {{server}} } }""");

        var result = _workspace.Load();

        Assert.Null(result.Model);
        Assert.Contains(result.Issues, i => i.Key == "mcpServers.game.app" && i.Line == 1 && i.Message.Contains(message, StringComparison.Ordinal));
    }

    /// <summary>A namespace may name a server whose app is away.</summary>
    [Fact]
    public void Load_NamespaceOfAnAppThatIsAway_Stands()
    {
        _workspace.Write("mimir.json", """{ "mcpServers": { "game": { "app": "My Game" }, "a": { "command": "x" } }, "namespaces": { "play": { "servers": ["game", "a"] } } }""");

        Expect.Warning(_workspace.Load(), "mcpServers.game.app", "does not run");
    }

    private string Announce(string file, string name, string? url, int startedSecondsOff = 0, bool needsToken = false)
    {
        var folder = Path.Combine(_workspace.Folder, "state", "mimir", "hosts");
        Directory.CreateDirectory(folder);
        using var process = Process.GetCurrentProcess();
        File.WriteAllText(Path.Combine(folder, file), JsonSerializer.Serialize(new
        {
            version = 1,
            name,
            url,
            dials = url is null,
            pid = Environment.ProcessId,
            started = process.StartTime.ToUniversalTime().AddSeconds(startedSecondsOff).ToString("O", CultureInfo.InvariantCulture),
            needsToken,
        }));
        return folder;
    }
}
