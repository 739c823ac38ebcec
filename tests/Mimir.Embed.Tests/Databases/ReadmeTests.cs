using System.Net;
using System.Text;
using System.Text.Json;
using Mimir.Embed.Databases;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Databases;

/// <summary>What is promised of databases, a test each: the three ways to make one, the three custom reads, several of them, thread safety.</summary>
public sealed class ReadmeTests
{
    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    private static List<Character> Scene() =>
    [
        new() { CharacterName = "Kratos", Description = "A god", Level = 9 },
        new() { CharacterName = "Atreus", Description = "A boy", Level = 3 },
    ];

    [Fact]
    public async Task Method1_ConvenienceFactory_ReadsTheSceneAndRegisters()
    {
        var scene = Scene();
        await using var line = await Line.OpenAsync(new McpHost());

        var characterDb = McpDatabase.CreateFrom(() => scene);
        line.Host.RegisterDatabase("characters", characterDb);

        Assert.Equal(["Kratos", "Atreus"], await NamesAsync(line, "read_characters_database", "characterName"));
    }

    [Fact]
    public async Task Method2_ManualConfiguration_ReadsAsItWasSet()
    {
        var scene = Scene();
        await using var line = await Line.OpenAsync(new McpHost());

        var characterDb = new McpDatabase<Character>();
        characterDb.SetReadFrom(() => scene.OrderBy(static c => c.CharacterName, StringComparer.Ordinal), isAlive: static c => !c.IsDestroyed);
        characterDb.Read();
        line.Host.RegisterDatabase("characters", characterDb);

        Assert.Equal(["Atreus", "Kratos"], await NamesAsync(line, "read_characters_database", "characterName"));
    }

    [Fact]
    public async Task Method3_CustomReadFunction_AddsTheItems()
    {
        await using var line = await Line.OpenAsync(new McpHost());

        var itemDb = new McpDatabase<InventoryItem>();
        itemDb.SetRead(() =>
        {
            itemDb.AddItem(new InventoryItem { Name = "Sword" });
            itemDb.AddItem(new InventoryItem { Name = "Shield" });
        });
        itemDb.Read();
        line.Host.RegisterDatabase("inventory", itemDb);

        Assert.Equal(["Sword", "Shield"], await NamesAsync(line, "read_inventory_database", "name"));
    }

    [Fact]
    public void Retrieve_Programmatically_GivesTheDatabaseAndItsItems()
    {
        using var host = new McpHost();
        var kratos = Scene()[0];
        var characterDb = new McpDatabase<Character>();
        var objectId = characterDb.AddItem(kratos);
        host.RegisterDatabase("characters", characterDb);

        var db = host.GetDatabase<Character>();
        var character = db.GetItemById(objectId);
        var allCharacters = db.All();

        Assert.Same(kratos, character);
        Assert.Same(kratos, Assert.Single(allCharacters));
        Assert.Equal(objectId, kratos.ObjectId);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task McpToolUsage_ToolWithObjectId_GivesAllOrOne(string revision)
    {
        var characterDb = McpDatabase.CreateFrom(Scene);
        var id = characterDb.AddItem(new Character { CharacterName = "Mimir", Level = 7 }, "12345-6789-abcd-efgh");
        await using var line = await Line.OpenAsync(new McpHost().RegisterDatabase("characters", characterDb), revision);

        var tool = Assert.Single(await line.Client.ListToolsAsync());
        var all = await CallAsync(line, "read_characters_database", new());
        var one = await CallAsync(line, "read_characters_database", new() { ["object_id"] = id });

        Assert.Equal("read_characters_database", tool.Name);
        Assert.Equal("string", tool.JsonSchema.GetProperty("properties").GetProperty("object_id").GetProperty("type").GetString());
        Assert.False(tool.JsonSchema.TryGetProperty("required", out _));
        Assert.Equal(3, JsonElement.Parse(Text(all)).GetArrayLength());
        Assert.Equal("""{"level":7,"isHostile":false,"guild":null,"objectId":"12345-6789-abcd-efgh","characterName":"Mimir","description":""}""", Text(one));
    }

    [Fact]
    public async Task CustomRead_JsonFile_IsReadAndKeepsItsIds()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, """[{"id":"c1","name":"Freya"},{"id":"c2","name":"Sindri"}]""");
        try
        {
            var database = new McpDatabase<Character>();
            database.SetRead(() =>
            {
                var json = File.ReadAllText(file);
                foreach (var item in JsonElement.Parse(json).EnumerateArray())
                {
                    database.AddItem(new Character { ObjectId = item.GetProperty("id").GetString()!, CharacterName = item.GetProperty("name").GetString()! });
                }
            });
            database.Read();
            database.Read();

            Assert.Equal(["c1 Freya", "c2 Sindri"], database.All().Select(static c => $"{c.ObjectId} {c.CharacterName}"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task CustomRead_WebService_IsAwaited()
    {
        using var listener = new HttpListener();
        var port = Port(listener);
        var serving = ServeOnceAsync(listener, "Freya,Sindri");
        using var httpClient = new HttpClient();
        var database = new McpDatabase<Character>();
        database.SetRead(async () =>
        {
            var response = await httpClient.GetStringAsync($"http://127.0.0.1:{port}/characters");
            foreach (var name in response.Split(',')) database.AddItem(new Character { CharacterName = name });
        });

        await database.ReadAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(["Freya", "Sindri"], database.All().Select(static c => c.CharacterName));
        await serving;
    }

    [Fact]
    public void CustomRead_SeveralSources_AreCombinedAsOftenAsItIsRead()
    {
        var specialCharacter = new Character { CharacterName = "Mimir" };
        var database = new McpDatabase<Character>();
        var scene = Scene();
        database.SetRead(() =>
        {
            // First read from scene
            database.SetReadFrom(() => scene);
            database.Read();

            // Then add items from other sources
            database.AddItem(specialCharacter);
        });

        database.Read();
        database.Read();

        Assert.Equal(["Kratos", "Atreus", "Mimir"], database.All().Select(static c => c.CharacterName));
    }

    [Fact]
    public async Task MultipleDatabases_OfSeveralTypesAndOfOne_AreReadByTheirNames()
    {
        await using var line = await Line.OpenAsync(new McpHost());

        line.Host.RegisterDatabase("characters", McpDatabase.CreateFrom(Scene));
        line.Host.RegisterDatabase("villains", McpDatabase.CreateFrom(static () => new[] { new Character { CharacterName = "Odin" } }));
        line.Host.RegisterDatabase("items", new McpDatabase<InventoryItem>
        {
            ReadFunction = LoadInventoryFromSaveGame,
        });
        await CallAsync(line, "read_items_database", new() { ["reread"] = true });

        Assert.Equal(["Odin"], await NamesAsync(line, "read_villains_database", "characterName"));
        Assert.Equal(["Potion"], await NamesAsync(line, "read_items_database", "name"));
        Assert.Equal("Potion", Assert.Single(line.Host.GetDatabase<InventoryItem>().All()).Name);
        Assert.Equal("Odin", Assert.Single(line.Host.GetDatabase<Character>("villains").All()).CharacterName);
        var several = Assert.Throws<InvalidOperationException>(() => line.Host.GetDatabase<Character>());
        Assert.Equal("There are 2 databases of Character: give the name of one of characters, villains.", several.Message);

        static ValueTask<IEnumerable<InventoryItem>> LoadInventoryFromSaveGame(CancellationToken cancellation) => new([new InventoryItem { Name = "Potion" }]);
    }

    [Fact]
    public async Task ThreadSafety_EightWritersAndEightReaders_EverySnapshotIsWhole()
    {
        const int Items = 50, Rounds = 300;
        var generation = 0;
        var database = new McpDatabase<Character>();
        database.ReadFunction = async _ =>
        {
            var mine = Interlocked.Increment(ref generation);
            await Task.Yield();
            return Enumerable.Range(0, Items).Select(i => new Character { ObjectId = $"scene-{i}", Level = mine });
        };
        await database.ReadAsync();
        var writers = Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                if (w < 4) await database.ReadAsync();
                else
                {
                    var id = database.AddItem(new Character { Level = -1 });
                    if (i % 2 == 0 && !database.RemoveItem(id) && database.ContainsId(id)) throw new InvalidOperationException("It was not removed.");
                }
            }
        })).ToList();
        var written = Task.WhenAll(writers);
        var looks = 0;
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            do
            {
                var scene = database.All().Where(static c => c.Level > 0).ToList();
                Assert.Equal(Items, scene.Count);
                Assert.Single(scene.Select(static c => c.Level).Distinct());
                Interlocked.Increment(ref looks);
            }
            while (!written.IsCompleted);
        })).ToList();

        await written.WaitAsync(TimeSpan.FromSeconds(60));
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal((4 * Rounds) + 1, generation);
        Assert.True(looks >= 8);
        await database.ReadAsync();
        Assert.Equal(Items, database.Count);
    }

    [Fact]
    public void BestPractice_OneTypePerDatabase_IsNotAskedForAnyMore()
    {
        using var host = new McpHost();
        host.RegisterDatabase("red", new McpDatabase<Character>()).RegisterDatabase("blue", new McpDatabase<Character>());

        Assert.True(host.TryGetDatabase<Character>("red", out _));
        Assert.False(host.TryGetDatabase<Character>(out _));
        Assert.False(host.TryGetDatabase<InventoryItem>("red", out _));
    }

    internal static async Task<CallToolResult> CallAsync(Line line, string tool, Dictionary<string, object?> arguments) => await line.Client.CallToolAsync(tool, arguments);

    internal static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(result.Content[0]).Text;

    private static async Task<IEnumerable<string?>> NamesAsync(Line line, string tool, string member) =>
        [.. JsonElement.Parse(Text(await CallAsync(line, tool, []))).EnumerateArray().Select(item => item.GetProperty(member).GetString())];

    private static int Port(HttpListener listener)
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        return port;
    }

    private static async Task ServeOnceAsync(HttpListener listener, string body)
    {
        var context = await listener.GetContextAsync();
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }
}
