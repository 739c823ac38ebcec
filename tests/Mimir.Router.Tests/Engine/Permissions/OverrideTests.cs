using System.Collections.Immutable;
using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.Model.Permissions;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Tests.Engine.Permissions;

/// <summary>Tools that a namespace shows otherwise than their servers: other names, other words, arguments that are set and hidden.</summary>
public sealed class OverrideTests : IAsyncDisposable
{
    private const string Read = """
        {"name":"read","description":"theirs","inputSchema":{"type":"object","properties":{"path":{"type":"string"},"folder":{"type":"string"},"big":{"const":1.0e2}},"required":["path","folder"]},"x-own":{"n":1.50}}
        """;

    private readonly TinyServer _server = new TinyServer().OfferRaw("tools/list", "{\"tools\":[" + Read + ",{\"name\":\"write\",\"inputSchema\":{\"type\":\"object\"}}]}");
    private JsonElement _heard;
    private House? _house;

    public async ValueTask DisposeAsync()
    {
        if (_house is not null)
        {
            await _house.DisposeAsync();
        }
    }

    [Fact]
    public async Task List_ToolWithOtherWords_ShowsThemAndTheRestByteForByte()
    {
        Start(new ToolOverride("x", "read") { Name = "note", Description = "mine", Arguments = Set(("folder", "\"/srv\"")) });

        var list = await _house!.Modern("tools/list", view: "work").End.Within();

        using var document = JsonDocument.Parse(list);
        var tools = document.RootElement.GetProperty("result").GetProperty("tools");
        Assert.Equal(["note", "x_write"], tools.EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.Equal("mine", tools[0].GetProperty("description").GetString());
        Assert.Equal("""{"type":"object","properties":{"path":{"type":"string"},"big":{"const":1.0e2}},"required":["path"]}""", tools[0].GetProperty("inputSchema").GetRawText());
        Assert.Equal("""{"n":1.50}""", tools[0].GetProperty("x-own").GetRawText());
        Assert.Equal(1, list.Split("\"description\"").Length - 1);
    }

    [Theory]
    [InlineData("""{"path":"a"}""", """{"folder":"/srv","path":"a"}""")]
    [InlineData("""{ }""", """{"folder":"/srv" }""")]
    [InlineData(null, """{"folder":"/srv"}""")]
    public async Task Call_ToolWithASetArgument_ReachesItsServerWithIt(string? given, string expected)
    {
        Start(new ToolOverride("x", "read") { Name = "note", Arguments = Set(("folder", "\"/srv\"")) });

        var answer = await CallAsync("note", given);

        Assert.Contains("\"result\"", answer, StringComparison.Ordinal);
        Assert.Equal("read", _heard.GetProperty("name").GetString());
        Assert.Equal(expected, _heard.GetProperty("arguments").GetRawText());
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("Folder")]
    [InlineData("\\u0066older")]
    public async Task Call_ClientGivesASetArgument_IsRefusedAndNothingIsHeard(string name)
    {
        Start(new ToolOverride("x", "read") { Arguments = Set(("folder", "\"/srv\"")) });

        var answer = await CallAsync("x_read", $$"""{"path":"a","{{name}}":"/etc"}""");

        Assert.Contains("to give: the operator has set it", answer, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Undefined, _heard.ValueKind);
    }

    [Theory]
    [InlineData("x_read")]
    [InlineData("read")]
    [InlineData("x_READ")]
    public async Task Call_ByTheNameItHadBefore_IsUnknownAlsoWhereItsServerTakesWhatNobodyLists(string name)
    {
        Start(
            [new ToolOverride("x", "read") { Name = "note", Arguments = Set(("folder", "\"/srv\"")) }],
            s => s with { Routes = [new RouteRule("*", RouteStrategy.Path, [])] });

        Assert.Contains("\"error\"", await CallAsync(name, "{}"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Undefined, _heard.ValueKind);
    }

    [Fact]
    public async Task Call_OneServerWithoutPrefixes_TakesNoDisguisedToolByItsOwnName()
    {
        Start([new ToolOverride("x", "read") { Name = "note", Arguments = Set(("folder", "\"/srv\"")) }], naming: new NamingModel { Prefix = PrefixMode.Never });

        Assert.Contains("\"error\"", await CallAsync("read", "{}"), StringComparison.Ordinal);
        Assert.Contains("\"result\"", await CallAsync("note", "{}"), StringComparison.Ordinal);
        Assert.Contains("\"result\"", await CallAsync("write", "{}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NameThatAnotherToolHasByNature_IsTheChosenOnes()
    {
        Start(new ToolOverride("x", "read") { Name = "x_write" });

        var names = await NamesAsync("work");

        Assert.Equal("x_write", names[0]);
        Assert.StartsWith("x_write_", names[1], StringComparison.Ordinal);
        Assert.Contains("\"result\"", await CallAsync(names[1], "{}"), StringComparison.Ordinal);
        Assert.Equal("write", _heard.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Call_ArgumentsNameThatIsNoText_IsRefusedAndTheRouterGoesOn()
    {
        Start(new ToolOverride("x", "read") { Name = "note", Arguments = Set(("folder", "\"/srv\"")) });

        Assert.Contains("no valid text", await CallAsync("note", """{"\ud800":1}"""), StringComparison.Ordinal);
        Assert.Contains("\"result\"", await CallAsync("note", "{}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_DefinitionThatIsNoText_HidesThatToolAlone()
    {
        _server.OfferRaw("tools/list", """{"tools":[{"name":"read","inputSchema":{"type":"object","properties":{"\ud800":{}}}},{"name":"write","inputSchema":{"type":"object"}}]}""");
        Start(new ToolOverride("x", "read") { Arguments = Set(("folder", "\"/srv\"")) });

        Assert.Equal(["x_write"], await NamesAsync("work"));
        Assert.Contains("\"error\"", await CallAsync("x_read", "{}"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Undefined, _heard.ValueKind);
    }

    [Fact]
    public async Task List_ToolThatAnOverrideNamesInAnotherCase_IsNotShownWithWhatIsHiddenOfIt()
    {
        Start(new ToolOverride("x", "READ") { Arguments = Set(("folder", "\"/srv\"")) });

        Assert.Equal(["x_write"], await NamesAsync("work"));
    }

    [Fact]
    public async Task List_SchemaThatSpeaksOfASetArgumentElsewhere_ShowsItNowhere()
    {
        _server.OfferRaw("tools/list", """
            {"tools":[{"name":"read","inputSchema":{"type":"object","properties":{"a":{}},"anyOf":[{"required":["folder"]},{"properties":{"folder":{"const":"/x"},"a":{}}}],
              "dependentRequired":{"a":["folder","b"],"folder":["a"]},"if":{"required":["folder"]},"examples":[{"folder":"/y","a":1}],"default":{"folder":"/z"}}}]}
            """.Replace("\n", "", StringComparison.Ordinal));
        Start(new ToolOverride("x", "read") { Arguments = Set(("folder", "\"/srv\"")) });

        var list = await _house!.Modern("tools/list", view: "work").End.Within();

        Assert.DoesNotContain("folder", list, StringComparison.Ordinal);
        Assert.Contains("""
            {"type":"object","properties":{"a":{}},"anyOf":[{"required":[]},{"properties":{"a":{}}}],"dependentRequired":{"a":["b"]},"if":{"required":[]},"examples":[{"a":1}],"default":{}}
            """.Trim(), list, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("y")]
    public async Task Fallback_OfAToolThatOneOfTheTwoShowsOtherwise_IsNotTaken(string owner)
    {
        var (x, y, heard) = (TinyServer.With("read"), TinyServer.With("read"), 0);
        y.On = (message, _) =>
        {
            heard += message.GetProperty("method").ValueEquals("tools/call") ? 1 : 0;
            return Task.FromResult(false);
        };
        var model = new RouterModel
        {
            Servers = [House.Server("x") with { Routes = [new RouteRule("*", RouteStrategy.Capability, ["y"])] }, House.Server("y")],
            Permissions = new PermissionsModel { Namespaces = [new NamespaceModel("work") { Servers = ["x", "y"], Overrides = [new ToolOverride(owner, "read") { Arguments = Set(("folder", "\"/srv\"")) }] }] },
        };
        _house = new House(model, new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = x, ["y"] = y });
        Assert.Equal(["x_read", "y_read"], await NamesAsync("work"));
        _ = _house.Pool("x").Health.Checked("ill");
        _ = _house.Pool("x").Health.Checked("ill");
        _ = _house.Pool("x").Health.Checked("ill");

        await CallAsync("x_read", """{"path":"/etc"}""");

        Assert.Equal(0, heard);
    }

    [Fact]
    public async Task Lists_OutsideTheNamespace_ShowWhatTheServerSays()
    {
        Start(new ToolOverride("x", "read") { Name = "note" });

        Assert.Equal(["x_read", "x_write"], await NamesAsync("other"));
        Assert.Contains("\"result\"", await _house!.Modern("tools/call", "\"name\":\"x_read\"", "other").End.Within(), StringComparison.Ordinal);
    }

    private async Task<string> CallAsync(string name, string? arguments) =>
        await _house!.Modern("tools/call", $"\"name\":\"{name}\"{(arguments is null ? "" : ",\"arguments\":" + arguments)}", "work").End.Within();

    private async Task<string[]> NamesAsync(string view)
    {
        using var document = JsonDocument.Parse(await _house!.Modern("tools/list", view: view).End.Within());
        return [.. document.RootElement.GetProperty("result").GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];
    }

    private void Start(params ToolOverride[] overrides) => Start(overrides, s => s);

    private void Start(ToolOverride[] overrides, Func<ServerModel, ServerModel>? server = null, NamingModel? naming = null)
    {
        _server.On = (message, _) =>
        {
            _heard = message.GetProperty("method").ValueEquals("tools/call") ? message.GetProperty("params").Clone() : _heard;
            return Task.FromResult(false);
        };
        var model = new RouterModel
        {
            Servers = [(server ?? (s => s))(House.Server("x"))],
            Naming = naming ?? new NamingModel(),
            Permissions = new PermissionsModel { Namespaces = [new NamespaceModel("work") { Servers = ["x"], Overrides = [.. overrides] }, new NamespaceModel("other") { Servers = ["x"] }] },
        };
        _house = new House(model, new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = _server });
    }

    private static ImmutableSortedDictionary<string, string> Set(params (string Name, string Json)[] arguments) =>
        arguments.ToImmutableSortedDictionary(a => a.Name, a => a.Json, StringComparer.Ordinal);
}
