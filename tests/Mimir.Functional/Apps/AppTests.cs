using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Plugins;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Apps;

/// <summary>An app that has an MCP server inside, behind the router.</summary>
public sealed class AppTests : IDisposable
{
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task App_Announced_IsOfferedAndServedOnceItIsAdded_AndItsToolsComeBackWhenItRestarts()
    {
        var state = _home.At("state");
        await using var router = await Router.HttpAsync(new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data).Variable("XDG_STATE_HOME", state).Echo().File("servers/.keep", ""));
        var client = await router.LegacyClientAsync();
        using var first = new GameLoop("My Game", state);
        await router.UntilAsync(async () => (await RunAsync(router, "apps")).Contains("mimir add NAME --app 'My Game'", StringComparison.Ordinal));
        Assert.DoesNotContain("game_look", await client.ToolNamesAsync());

        await RunAsync(router, "add", "game", "--app", "My Game");
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("game_look"));
        Assert.Null((await client.CallAsync("game_set_speed", """{"speed":0}""")).Code);
        Assert.Contains("\"speed\":0", (await router.ModernClient().CallAsync("game_look")).ToolText, StringComparison.Ordinal);
        Assert.Equal(-32602, (await client.CallAsync("game_set_speed", """{"speed":99}""")).Code);

        // It ends as it should, and comes back elsewhere.
        first.End(isKilled: false);
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("game_look"));
        using var second = new GameLoop("My Game", state);
        await router.UntilAsync(async () => (await client.CallAsync("game_look")).ToolText?.Contains("\"speed\":1", StringComparison.Ordinal) == true);

        // It crashes, and comes back elsewhere.
        Assert.Null((await client.CallAsync("game_set_speed", """{"speed":3}""")).Code);
        second.End(isKilled: true);
        using var third = new GameLoop("My Game", state);
        await router.UntilAsync(async () => (await client.CallAsync("game_look")).ToolText?.Contains("\"speed\":1", StringComparison.Ordinal) == true);
    }

    /// <summary>No port at all: it comes to the router, which uses it once the operator says so, and comes again when either of them restarts.</summary>
    [Fact(Timeout = 120_000)]
    public async Task App_ThatComesByItself_IsServedOnceItIsAddedAndOpensNoPort()
    {
        var state = _home.At("state");
        await using var router = await Router.HttpAsync(new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data).Variable("XDG_STATE_HOME", state).Echo().File("servers/.keep", ""));
        var client = await router.LegacyClientAsync();
        using var listening = new GameLoop("Another", state);
        using var first = new GameLoop("My Game", state, dials: true);
        await router.UntilAsync(async () => (await RunAsync(router, "apps")).Contains("comes by itself", StringComparison.Ordinal) && listening.Listening().Count > 0);
        Assert.Empty(first.Listening());

        await RunAsync(router, "add", "game", "--app", "My Game");
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("game_look"));
        Assert.Null((await client.CallAsync("game_set_speed", """{"speed":0}""")).Code);
        Assert.Contains("\"speed\":0", (await router.ModernClient().CallAsync("game_look")).ToolText, StringComparison.Ordinal);
        Assert.Empty(first.Listening());

        first.End(isKilled: true);
        using var second = new GameLoop("My Game", state, dials: true);
        await router.UntilAsync(async () => (await client.CallAsync("game_look")).ToolText?.Contains("\"speed\":1", StringComparison.Ordinal) == true);

        second.End(isKilled: false);
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("game_look"));
    }

    private async Task<string> RunAsync(Router router, params string[] words)
    {
        var (_, text, talk) = await _home.RunAsync("", [.. words, "--config", router.Folder]);
        return text + talk;
    }
}
