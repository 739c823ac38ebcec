using System.Text.Json;
using Mimir.Embed.Databases;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Hosting;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Databases;

/// <summary>The resources of a database, and its coming and going.</summary>
public sealed class DatabaseResourceTests
{
    private const string Updated = "notifications/resources/updated";

    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    private static string Uri(JsonElement message) => message.GetProperty("params").GetProperty("uri").GetString()!;

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Read_DatabaseAndItem_GivesThem(string revision)
    {
        var database = new McpDatabase<Character>();
        for (var i = 0; i < 1200; i++) database.AddItem(new Character { Level = i }, $"c{i}");
        database.AddItem(new Character { Level = -1 }, "a/b ?#é%");
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", database), revision);

        var all = JsonElement.Parse(await ReadAsync(line, "database://characters"));
        var one = JsonElement.Parse(await ReadAsync(line, "database://characters/c7"));
        var hostile = JsonElement.Parse(await ReadAsync(line, "database://characters/" + System.Uri.EscapeDataString("a/b ?#é%")));

        Assert.Equal((1000, 1201, 1000), (all.GetProperty("items").GetArrayLength(), all.GetProperty("total").GetInt32(), all.GetProperty("next_offset").GetInt32()));
        Assert.Equal((7, -1), (one.GetProperty("level").GetInt32(), hostile.GetProperty("level").GetInt32()));
        Assert.Equal("database://characters", Assert.Single(await line.Client.ListResourcesAsync()).Uri);
        Assert.Equal("database://characters/{object_id}", Assert.Single(await line.Client.ListResourceTemplatesAsync()).UriTemplate);
    }

    [Theory]
    [InlineData("2025-11-25", -32002)]
    [InlineData("2026-07-28", -32602)]
    public async Task Read_HostileId_IsTheErrorOfTheRevision(string revision, int code)
    {
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", new McpDatabase<Character>()), revision);

        foreach (var id in new[] { "nobody", "..%2F..%2Fetc", "%00", "%zz", "a/b", "{object_id}", "", new string('x', 300), new string('x', 5000) })
        {
            var error = await Assert.ThrowsAsync<McpProtocolException>(() => ReadAsync(line, "database://characters/" + id));
            Assert.Equal((id, code), (id, (int)error.ErrorCode));
        }
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Updated_WhenItChanges_WhoSubscribedIsToldAndNobodyElse(string revision)
    {
        var database = new McpDatabase<Character>();
        database.AddItem(new Character(), "a/b");
        database.AddItem(new Character(), "c");
        await using var host = new McpHost().RegisterDatabase("characters", database);
        await using var wire = await Wire.OpenAsync(host, revision);
        await using var silent = await Wire.OpenAsync(host, revision);
        await SubscriptionTests.SubscribeAsync(wire, revision, "database://characters/a%2Fb");

        database.AddItem(new Character(), "d");
        database.RemoveItem("c");
        database.Touch("a/b");
        Assert.Equal("database://characters/a%2Fb", Uri(await wire.NotificationAsync(Updated)));

        database.SetReadFrom(static () => []);
        await database.ReadAsync();
        Assert.Equal("database://characters/a%2Fb", Uri(await wire.NotificationAsync(Updated)));
        await silent.AskAsync(90, "tools/list");
        Assert.Empty(wire.Unread);
        Assert.Empty(silent.Unread);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Updated_ManyChanges_AreToldTogether(string revision)
    {
        var database = new McpDatabase<Character>();
        await using var host = new McpHost().RegisterDatabase("characters", database);
        await using var wire = await Wire.OpenAsync(host, revision);
        await SubscriptionTests.SubscribeAsync(wire, revision, "database://characters", "database://characters/last");

        for (var i = 0; i < 10_000; i++) database.AddItem(new Character(), $"c{i}");
        await wire.NotificationAsync(Updated);
        database.AddItem(new Character(), "last");
        await wire.NextAsync(static m => m.TryGetProperty("method", out var method) && method.GetString() == Updated && Uri(m).EndsWith("last", StringComparison.Ordinal));

        Assert.InRange(wire.Unread.Count, 0, 100);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Unregister_RemovesToolAndResourcesAndTells(string revision)
    {
        var database = new McpDatabase<Character>();
        await using var host = new McpHost();
        await using var wire = await Wire.OpenAsync(host, revision);
        if (revision == "2026-07-28")
        {
            await wire.RequestAsync(50, "subscriptions/listen", """{"notifications":{"toolsListChanged":true,"resourcesListChanged":true}}""");
            await wire.NotificationAsync("notifications/subscriptions/acknowledged");
        }

        host.RegisterDatabase("characters", database);
        await wire.NotificationAsync("notifications/tools/list_changed");
        await wire.NotificationAsync("notifications/resources/list_changed");
        Assert.Equal("read_characters_database", (await wire.AskAsync(1, "tools/list")).GetProperty("result").GetProperty("tools")[0].GetProperty("name").GetString());
        Assert.True(host.UnregisterDatabase("Characters"));
        await wire.NotificationAsync("notifications/tools/list_changed");
        await wire.NotificationAsync("notifications/resources/list_changed");

        Assert.Equal(0, (await wire.AskAsync(2, "tools/list")).GetProperty("result").GetProperty("tools").GetArrayLength());
        Assert.Equal(0, (await wire.AskAsync(3, "resources/list")).GetProperty("result").GetProperty("resources").GetArrayLength());
        Assert.Equal(0, (await wire.AskAsync(4, "resources/templates/list")).GetProperty("result").GetProperty("resourceTemplates").GetArrayLength());
        Assert.False(host.UnregisterDatabase("characters"));
        Assert.Throws<KeyNotFoundException>(() => host.GetDatabase<Character>());
        host.RegisterDatabase("characters", database);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    [InlineData("x12345678901234567890123456789012345678901")]
    public void Register_WrongName_IsRefused(string name)
    {
        using var host = new McpHost();

        var error = Assert.Throws<ArgumentException>(() => host.RegisterDatabase(name, new McpDatabase<Character>()));

        Assert.Contains("write 1 to 40 letters, digits, underscores and dashes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_NameThatIsTaken_IsAClearErrorAndChangesNothing()
    {
        await using var host = new McpHost();
        host.RegisterDatabase("my_saved-Games9", new McpDatabase<Character>());

        var again = Assert.Throws<ArgumentException>(() => host.RegisterDatabase("My_Saved-games9", new McpDatabase<InventoryItem>()));
        host.Tools.Add("read_tools_database", "Taken.", static () => "", isReadOnly: true);
        var tool = Assert.Throws<ArgumentException>(() => host.RegisterDatabase("tools", new McpDatabase<InventoryItem>()));
        host.Resources.Add("database://uris", "taken", "Taken.", "text/plain", static () => "");
        Assert.Throws<ArgumentException>(() => host.RegisterDatabase("uris", new McpDatabase<InventoryItem>()));

        Assert.Equal("There is a database My_Saved-games9 already. Take another name, or unregister that one first.", again.Message);
        Assert.Equal("There is a tool read_tools_database already.", tool.Message);
        Assert.Equal(["my_saved-Games9"], host.DatabaseNames());
        Assert.Equal(["read_my_saved-Games9_database", "read_tools_database"], host.Tools.Names.Order(StringComparer.Ordinal));
        Assert.Equal(["database://my_saved-Games9", "database://my_saved-Games9/{object_id}", "database://uris"], host.Resources.Uris.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Register_HostThatIsReadOnly_HasTheTool()
    {
        await using var line = await Line.OpenAsync(new McpHost(new McpHostOptions { IsReadOnly = true }).RegisterDatabase("characters", new McpDatabase<Character>()));

        Assert.True(Assert.Single(await line.Client.ListToolsAsync()).ProtocolTool.Annotations!.ReadOnlyHint);
    }

    private static async Task<string> ReadAsync(Line line, string uri) => Assert.IsType<TextResourceContents>(Assert.Single((await line.Client.ReadResourceAsync(uri)).Contents)).Text;
}
