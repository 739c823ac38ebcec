using System.Text.Json;

namespace Mimir.Router.Tests.Engine;

/// <summary>What handshakes say of tasks, and of logging.</summary>
public sealed class TaskOffersTests
{
    [Fact]
    public async Task Discover_LegacyServerRunsTasks_ShowsTheExtension()
    {
        await using var house = House.Of(("x", new LegacyTaskServer().Tiny), ("y", TinyServer.With("b")));
        await house.ModernListsAsync();

        var capabilities = Of(await house.Modern("server/discover").End.Within());

        Assert.True(capabilities.GetProperty("extensions").TryGetProperty("io.modelcontextprotocol/tasks", out _));
        Assert.False(capabilities.TryGetProperty("tasks", out _));
    }

    [Fact]
    public async Task Discover_WhateverTheServers_DeclaresLogging()
    {
        await using var house = House.Of(("y", TinyServer.With("b")));

        Assert.Equal(JsonValueKind.Object, Of(await house.Modern("server/discover").End.Within()).GetProperty("logging").ValueKind);
    }

    [Fact]
    public async Task Discover_NobodyRunsTasks_ShowsNone()
    {
        await using var house = House.Of(("y", TinyServer.With("b")));
        await house.ModernListsAsync();

        Assert.False(Of(await house.Modern("server/discover").End.Within()).TryGetProperty("extensions", out _));
    }

    [Fact]
    public async Task Initialize_ModernServerHasTheExtension_ShowsTasksInTheWordsOfTheClient()
    {
        await using var house = House.Of(("x", new ModernTaskServer().Tiny));
        await SeenAsync(house);

        var capabilities = await InitializeAsync(house, "2025-11-25");

        Assert.True(capabilities.GetProperty("tasks").GetProperty("requests").GetProperty("tools").TryGetProperty("call", out _));
        Assert.False(capabilities.TryGetProperty("extensions", out _));
        Assert.False((await InitializeAsync(house, "2025-06-18")).TryGetProperty("tasks", out _));
    }

    [Fact]
    public async Task Initialize_NobodyRunsTasks_ShowsNone()
    {
        await using var house = House.Of(("y", TinyServer.With("b")));
        await SeenAsync(house);

        Assert.False((await InitializeAsync(house, "2025-11-25")).TryGetProperty("tasks", out _));
    }

    private static async Task SeenAsync(House house)
    {
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
    }

    private static async Task<JsonElement> InitializeAsync(House house, string revision)
    {
        var session = new TestSession(house, house.Engine.All);
        Assert.True(house.Engine.TryAdd(session));
        return Of(await session.Call("initialize", $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{},"clientInfo":{"name":"t","version":"1"} }""").End.Within());
    }

    private static JsonElement Of(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("result").GetProperty("capabilities").Clone();
    }
}
