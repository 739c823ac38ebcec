using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Tests.Engine.Permissions;

/// <summary>A namespace served by four tools that find and call all others.</summary>
public sealed class MetaModeTests : IAsyncDisposable
{
    private readonly TinyServer _x = TinyServer.With("read", "write", "secret");
    private readonly TinyServer _y = new TinyServer { SpeaksModern = false }.Offer("read");
    private readonly House _house;
    private JsonElement _heard;

    public MetaModeTests()
    {
        _house = new House(Model(isMeta: true), new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = _x, ["y"] = _y });
        _x.On = _y.On = (message, _) =>
        {
            _heard = message.GetProperty("method").ValueEquals("tools/call") ? message.GetProperty("params").Clone() : _heard;
            return Task.FromResult(false);
        };
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-11-25")]
    [InlineData("")]
    public async Task List_OfTools_HasTheFourAndAwaitsNoServer(string revision)
    {
        _x.Holds["tools/list"] = new TaskCompletionSource().Task;

        using var document = JsonDocument.Parse(revision.Length == 0
            ? await _house.Modern("tools/list", view: "work").End.Within()
            : await (await _house.OpenAsync(revision: revision, view: "work")).Call("tools/list").End.Within());

        var tools = document.RootElement.GetProperty("result").GetProperty("tools").EnumerateArray().ToList();
        Assert.Equal(["mcp_router_list", "mcp_router_help", "mcp_router_use", "mcp_router_call"], tools.Select(t => t.GetProperty("name").GetString()));
        Assert.All(tools, t => Assert.Equal("object", t.GetProperty("inputSchema").GetProperty("type").GetString()));
        Assert.Equal(revision.Length == 0, document.RootElement.GetProperty("result").TryGetProperty("resultType", out _));
    }

    [Theory]
    [InlineData("mcp_router_list")]
    [InlineData("mcp.router.list")]
    public async Task ListTool_TellsTheInstancesInTheShapeOfTheSeed(string name)
    {
        await CallAsync("mcp_router_help", "{}");

        var instances = await TextAsync(name, "{}");

        Assert.Equal(["x", "y"], instances.EnumerateArray().Select(i => i.GetProperty("name").GetString()));
        Assert.Equal(
            ["name", "provider", "display_name", "active", "connected", "transport_type", "tools_count", "metadata"], instances[0].EnumerateObject().Select(m => m.Name));
        Assert.Equal((true, 2, 1), (instances[0].GetProperty("connected").GetBoolean(), instances[0].GetProperty("tools_count").GetInt32(), instances[1].GetProperty("tools_count").GetInt32()));
    }

    [Fact]
    public async Task Help_TellsTheToolsThatMayBeCalled_OfOneInstanceOrOfAll()
    {
        var all = await TextAsync("mcp_router_help", "{}");
        var one = await TextAsync("mcp_router_help", """{"instance_name":"y"}""");

        Assert.Equal(["x", "y"], all.EnumerateObject().Select(m => m.Name));
        Assert.Equal(["read", "write"], all.GetProperty("x").GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.True(all.GetProperty("x").GetProperty("tools")[0].TryGetProperty("inputSchema", out _));
        Assert.Equal(["y"], one.EnumerateObject().Select(m => m.Name));
    }

    [Theory]
    [InlineData("""{"instance_name":"x","tool_name":"read","arguments":{"a":[1.0,{"b":"\u00e9"}]}}""", """{"a":[1.0,{"b":"\u00e9"}]}""")]
    [InlineData("""{"tool_name":"read","a":1,"instance_name":"x","b":{"c":null}}""", """{"a":1,"b":{"c":null}}""")]
    [InlineData("""{"instance_name":"x","tool_name":"read"}""", "{}")]
    [InlineData("""{"instance_name":"x","tool_name":"read","arguments":null}""", "{}")]
    [InlineData("""{"instance_name":"x","tool_name":"x_read","arguments":{}}""", "{}")]
    public async Task Call_OfATool_ReachesItsServerAsItsClientWouldHaveCalledIt(string arguments, string expected)
    {
        var answer = await CallAsync("mcp_router_call", arguments);

        Assert.Contains("\"heard\":\"read\"", answer, StringComparison.Ordinal);
        Assert.Equal("read", _heard.GetProperty("name").GetString());
        Assert.Equal(expected, _heard.GetProperty("arguments").GetRawText());
    }

    [Theory]
    [InlineData("""{"instance_name":"z","tool_name":"read"}""", "There is no instance 'z'. There are: x, y.")]
    [InlineData("""{"instance_name":"x","tool_name":"ghost"}""", "has no tool 'ghost'. It has: read, write.")]
    [InlineData("""{"instance_name":"x","tool_name":"secret"}""", "has no tool 'secret'")]
    [InlineData("""{"tool_name":"read"}""", "Name the instance in instance_name")]
    public async Task Call_OfWhatIsNotThere_IsAResultThatTellsAModelWhatIs(string arguments, string expected)
    {
        using var document = JsonDocument.Parse(await CallAsync("mcp_router_call", arguments));

        var result = document.RootElement.GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains(expected, result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Undefined, _heard.ValueKind);
    }

    [Theory]
    [InlineData("mcp_router_call", """{"instance_name":"x"}""", "needs 'tool_name'")]
    [InlineData("mcp_router_call", """{"instance_name":1,"tool_name":"read"}""", "must be a string")]
    [InlineData("mcp_router_call", """{"instance_name":"x","tool_name":"read","tool_name":"write"}""", "stands twice")]
    [InlineData("mcp_router_call", """{"instance_name":"x","tool_name":"read","arguments":"{}"}""", "must be an object, not a text")]
    [InlineData("mcp_router_call", """{"instance_name":"x","tool_name":"read","arguments":{},"a":1}""", "Put them all into 'arguments'")]
    [InlineData("mcp_router_call", "[]", "must be an object")]
    [InlineData("mcp_router_call", """{"\ud800":1}""", "no valid text")]
    [InlineData("mcp_router_call", """{"tool_name":"\ud800"}""", "must be a string")]
    [InlineData("mcp_router_list", """{"\ud800":1}""", "no valid text")]
    [InlineData("mcp_router_use", "{}", "needs 'instance_name'")]
    [InlineData("mcp_router_list", """{"x":1}""", "takes no 'x'")]
    [InlineData("x_read", "{}", "Unknown tool: x_read")]
    [InlineData("read", "{}", "Unknown tool: read")]
    public async Task Call_ThatIsWrong_IsRefusedAndReachesNobody(string name, string arguments, string expected)
    {
        await CallAsync("mcp_router_help", "{}");

        var answer = await CallAsync(name, arguments);

        Assert.Contains("\"error\"", answer, StringComparison.Ordinal);
        Assert.Contains(expected, answer.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Undefined, _heard.ValueKind);
    }

    [Fact]
    public async Task Use_InASession_IsRememberedThereAndNowhereElse()
    {
        var (first, second) = (await _house.OpenAsync(view: "work"), await _house.OpenAsync(view: "work"));

        var chosen = await first.Call("tools/call", """{"name":"mcp_router_use","arguments":{"instance_name":"y"}}""").End.Within();
        Assert.Contains("\\\"instance\\\":\\\"y\\\"", chosen.Replace("\\u0022", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal);

        Assert.Contains("\"heard\":\"read\"", await first.Call("tools/call", """{"name":"mcp_router_call","arguments":{"tool_name":"read"}}""").End.Within(), StringComparison.Ordinal);
        Assert.Contains("Name the instance", await second.Call("tools/call", """{"name":"mcp_router_call","arguments":{"tool_name":"read"}}""").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mode_Changed_TellsItsClientsOnceAndNobodyElse()
    {
        var (work, other) = (await _house.OpenAsync(view: "work"), await _house.OpenAsync(view: "other"));
        await work.Call("tools/list").End.Within();
        await work.Call("tools/call", """{"name":"mcp_router_help"}""").End.Within();
        await other.Call("tools/list").End.Within();

        Assert.True(_house.Engine.Apply(Model(isMeta: false)).IsNothing);

        Assert.Contains("tools/list_changed", await work.NewsAsync(), StringComparison.Ordinal);
        Assert.Contains("\"x_read\"", await work.Call("tools/list").End.Within(), StringComparison.Ordinal);
        Assert.Empty(work.Waiting());
        Assert.Empty(other.Waiting());
    }

    private static RouterModel Model(bool isMeta) => new()
    {
        Servers = [House.Server("x"), House.Server("y")],
        Permissions = new PermissionsModel
        {
            Servers = PermissionsModel.None.Servers.Add("x", new ServerPermissions(new OfferRules { Denied = ["secret"] }, OfferRules.None, OfferRules.None)),
            Namespaces = [new NamespaceModel("work") { Servers = ["x", "y"], IsMeta = isMeta }, new NamespaceModel("other") { Servers = ["x"] }],
        },
    };

    private Task<string> CallAsync(string name, string arguments) => _house.Modern("tools/call", $"\"name\":\"{name}\",\"arguments\":{arguments}", "work").End.Within();

    private async Task<JsonElement> TextAsync(string name, string arguments)
    {
        using var document = JsonDocument.Parse(await CallAsync(name, arguments));
        using var text = JsonDocument.Parse(document.RootElement.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!);
        return text.RootElement.Clone();
    }
}
