using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Databases;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Threads;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Databases;

/// <summary>The tool of a database, called over streams.</summary>
public sealed class DatabaseToolTests
{
    private const string Tool = "read_characters_database";

    private static McpDatabase<Character> Filled(int count)
    {
        var database = new McpDatabase<Character>();
        for (var i = 0; i < count; i++)
        {
            database.AddItem(new Character { CharacterName = i % 2 == 0 ? "even" : "odd", Level = i, IsHostile = i % 3 == 0, Guild = i % 5 == 0 ? null : $"g={i % 5}" }, $"c{i}");
        }

        return database;
    }

    private static Task<CallToolResult> CallAsync(Line line, params (string Name, object? Value)[] arguments) =>
        ReadmeTests.CallAsync(line, Tool, arguments.ToDictionary(static a => a.Name, static a => a.Value));

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Call_TenThousandItems_ComePageByPageAndNoneTwice(string revision)
    {
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", Filled(10_000)), revision);

        var (ids, pages, offset) = (new List<string?>(), 0, (int?)0);
        for (; offset is not null; pages++)
        {
            var result = await CallAsync(line, ("offset", offset), ("limit", 1000));
            var page = result.StructuredContent!.Value;
            Assert.Equal((10_000, offset), (page.GetProperty("total").GetInt32(), page.GetProperty("offset").GetInt32()));
            Assert.True(JsonElement.DeepEquals(page.GetProperty("items"), JsonElement.Parse(ReadmeTests.Text(result))));
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(static i => i.GetProperty("objectId").GetString()));
            offset = page.TryGetProperty("next_offset", out var next) ? next.GetInt32() : null;
            Assert.Equal($"1000 of 10000 items, from offset {pages * 1000}.{(offset is null ? " These are the last." : $" Next: offset {offset}.")}", ((TextContentBlock)result.Content[1]).Text);
        }

        Assert.Equal(10, pages);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(static i => $"c{i}"), ids);
        Assert.Equal(100, JsonElement.Parse(ReadmeTests.Text(await CallAsync(line))).GetArrayLength());
    }

    [Theory]
    [InlineData("limit", 0)]
    [InlineData("limit", 1001)]
    [InlineData("offset", -1)]
    [InlineData("filter", new[] { "no equals sign" })]
    [InlineData("filter", new[] { "=x" })]
    [InlineData("filter", new string?[] { null })]
    [InlineData("object_id", "a\u0000b")]
    [InlineData("reread", true)]
    public async Task Call_WrongArgument_IsInvalidParams(string name, object value)
    {
        var database = new McpDatabase<Character>();
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", new Plain(database)));

        var error = await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync(line, (name, value)));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
    }

    [Theory]
    [InlineData(new[] { "characterName=even" }, 50)]
    [InlineData(new[] { "CHARACTERNAME=even" }, 50)]
    [InlineData(new[] { "characterName=Even" }, 0)]
    [InlineData(new[] { "level=7" }, 1)]
    [InlineData(new[] { "level=7.0" }, 1)]
    [InlineData(new[] { "level=7x" }, 0)]
    [InlineData(new[] { "isHostile=true", "characterName=odd" }, 17)]
    [InlineData(new[] { "guild=null" }, 20)]
    [InlineData(new[] { "guild=g=4" }, 20)]
    [InlineData(new[] { "nothing=null" }, 0)]
    [InlineData(new[] { "objectId=c99" }, 1)]
    public async Task Call_Filters_GiveWhatMeetsAllOfThem(string[] filter, int count)
    {
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", Filled(100)));

        var result = await CallAsync(line, ("filter", filter), ("limit", 10));
        var page = result.StructuredContent!.Value;

        Assert.Equal((count, Math.Min(10, count)), (page.GetProperty("total").GetInt32(), page.GetProperty("items").GetArrayLength()));
        Assert.Equal(count > 10, page.TryGetProperty("next_offset", out _));
        if (count == 0) Assert.Equal("No item of the characters database meets the filter.", ReadmeTests.Text(result));
        if (count <= 10) return;
        var second = (await CallAsync(line, ("filter", filter), ("limit", 1000), ("offset", 10))).StructuredContent!.Value;
        Assert.Equal(count - 10, second.GetProperty("items").GetArrayLength());
        Assert.Equal(count, second.GetProperty("items").EnumerateArray().Concat(page.GetProperty("items").EnumerateArray()).Select(static i => i.GetProperty("objectId").GetString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Call_NothingThere_IsPlainText(string revision)
    {
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", new McpDatabase<Character>()), revision);

        var empty = await CallAsync(line);
        var missing = await CallAsync(line, ("object_id", "../../etc/passwd"));

        Assert.Equal("The characters database is empty.", ReadmeTests.Text(empty));
        Assert.Equal("There is no item '../../etc/passwd' in the characters database.", ReadmeTests.Text(missing));
        Assert.NotEqual(true, missing.IsError);
        line.Host.GetDatabase<Character>().AddItem(new Character());
        Assert.Equal("The characters database has no item from 5 on: 1 are in it.", ReadmeTests.Text(await CallAsync(line, ("offset", 5))));
    }

    [Fact]
    public async Task Call_RereadOfASourceThatFails_TellsAndLeavesTheOldContent()
    {
        var isBroken = false;
        var names = new List<string> { "a" };
        var database = new McpDatabase<Character>();
        database.SetRead(async () =>
        {
            await Task.Yield();
            if (isBroken) throw new ArgumentException("The save game is damaged.");
            foreach (var name in names) database.AddItem(new Character { ObjectId = name });
        });
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", database));

        await CallAsync(line, ("reread", true));
        names.Add("b");
        var stale = JsonElement.Parse(ReadmeTests.Text(await CallAsync(line)));
        var fresh = JsonElement.Parse(ReadmeTests.Text(await CallAsync(line, ("reread", true))));
        isBroken = true;
        var error = await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync(line, ("reread", true)));

        Assert.Equal((1, 2), (stale.GetArrayLength(), fresh.GetArrayLength()));
        Assert.Equal(McpErrorCode.InternalError, error.ErrorCode);
        Assert.Contains("could not be read anew, and its content is as it was: The save game is damaged.", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, JsonElement.Parse(ReadmeTests.Text(await CallAsync(line))).GetArrayLength());
    }

    [Fact]
    public async Task Call_ItemsThatDied_AreGone()
    {
        var database = Filled(3);
        database.IsAlive = static c => !c.IsDestroyed;
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", database));

        database.GetItemById("c1")!.IsDestroyed = true;

        Assert.Equal(2, JsonElement.Parse(ReadmeTests.Text(await CallAsync(line))).GetArrayLength());
        Assert.StartsWith("There is no item 'c1'", ReadmeTests.Text(await CallAsync(line, ("object_id", "c1"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ItemThatCannotBeWritten_IsToldInItsPlace()
    {
        var database = new McpDatabase<InventoryItem>();
        foreach (var name in new[] { "Sword", "broken", "garbage" }) database.AddItem(new InventoryItem { Name = name }, name);
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", database));

        var items = JsonElement.Parse(ReadmeTests.Text(await CallAsync(line)));
        var one = await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync(line, ("object_id", "broken")));

        Assert.Equal("""{"name":"Sword"}""", items[0].GetRawText());
        Assert.Equal("""{"objectId":"broken","error":"It is broken."}""", items[1].GetRawText());
        Assert.StartsWith("ToJson gave no JSON", items[2].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("The item 'broken' of the characters database could not be written: It is broken.", one.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_HugeItems_EndThePageEarlyAndSayWhereTheNextBegins()
    {
        var database = new McpDatabase<Character>();
        for (var i = 0; i < 5; i++) database.AddItem(new Character { Description = new string('x', 400_000) }, $"c{i}");
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", database));

        var page = (await CallAsync(line)).StructuredContent!.Value;

        Assert.Equal((2, 2, 5), (page.GetProperty("items").GetArrayLength(), page.GetProperty("next_offset").GetInt32(), page.GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task Call_Circle_IsWrittenOnce()
    {
        var database = new McpDatabase<Knot>();
        var knot = new Knot();
        for (var i = 0; i < 10; i++) knot.Children.Add(new Knot { Parent = knot });
        database.AddItem(knot, "k");
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", database));

        var item = JsonElement.Parse(ReadmeTests.Text(await CallAsync(line, ("object_id", "k"))));

        Assert.Equal(10, item.GetProperty("children").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("children")[9].GetProperty("parent").ValueKind);
    }

    [Theory]
    [InlineData(RunOn.Main)]
    [InlineData(RunOn.Worker)]
    public async Task Call_WhereItIsRegisteredFor_ReadsAndWritesThereAndLetsFramesPass(RunOn runOn)
    {
        var queue = new MainThreadQueue();
        using var over = new CancellationTokenSource();
        var frames = 0;
        var loop = new Thread(() =>
        {
            using var pause = new ManualResetEventSlim();
            while (!over.IsCancellationRequested)
            {
                queue.Pump(TimeSpan.FromMilliseconds(2));
                frames++;
                pause.Wait(1);
            }
        });
        loop.Start();
        var elsewhere = 0;
        var database = new McpDatabase<Placed>();
        Placed Make() => new() { Written = () => elsewhere += Environment.CurrentManagedThreadId == loop.ManagedThreadId == (runOn == RunOn.Main) ? 0 : 1 };
        database.SetReadFrom(() => Enumerable.Range(0, 20_000).Select(_ => Make()));
        await using var line = await Line.OpenAsync(new McpHost(new McpHostOptions { MainThread = queue }).RegisterDatabase("characters", database, runOn));

        var result = await CallAsync(line, ("reread", true), ("filter", new[] { "x=1" }));

        await over.CancelAsync();
        loop.Join();
        Assert.Equal((20_000, 0), (result.StructuredContent!.Value.GetProperty("total").GetInt32(), elsewhere));
        if (runOn == RunOn.Main) Assert.True(frames >= 5, $"{frames} frames");
    }

    private sealed class Knot : DatabaseItem
    {
        public Knot? Parent { get; set; }

        public List<Knot> Children { get; } = [];
    }

    private sealed class Placed : IMcpDatabaseItem
    {
        public string ObjectId { get; set; } = "";

        public Action Written { get; init; } = static () => { };

        public string ToJson()
        {
            Written();
            return """{"x":1}""";
        }
    }

    /// <summary>A database that cannot be read anew.</summary>
    private sealed class Plain(McpDatabase<Character> inner) : IMcpDatabase<Character>
    {
        public event Action<DatabaseChange>? Changed
        {
            add => inner.Changed += value;
            remove => inner.Changed -= value;
        }

        public Type ItemType => inner.ItemType;

        public int Count => inner.Count;

        public string AddItem(Character item, string? existingId = null) => inner.AddItem(item, existingId);

        public IReadOnlyList<Character> All() => inner.All();

        public IReadOnlyList<IMcpDatabaseItem> AllItemsObject() => inner.All();

        public void Clear() => inner.Clear();

        public bool ContainsId(string objectId) => inner.ContainsId(objectId);

        public Character? GetItemById(string objectId) => inner.GetItemById(objectId);

        public IMcpDatabaseItem? GetItemByIdObject(string objectId) => inner.GetItemById(objectId);

        public bool RemoveItem(string objectId) => inner.RemoveItem(objectId);
    }
}
