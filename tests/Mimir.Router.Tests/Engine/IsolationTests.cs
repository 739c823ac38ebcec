using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Engine;

/// <summary>Servers that the configuration sets aside, and takes back.</summary>
public sealed class IsolationTests
{
    private readonly TinyServer _x = TinyServer.With("a");
    private readonly TinyServer _y = TinyServer.With("b");

    [Fact]
    public async Task SetAside_ACallIsOpen_EndsItAtOnceAndRefusesFurtherOnesWithTheReason()
    {
        await using var house = Of(House.Server("x"), House.Server("y"));
        var session = await house.OpenAsync();
        Assert.Equal("x_a y_b", await ToolsAsync(session));
        _x.Holds["tools/call"] = new TaskCompletionSource().Task;
        var open = session.Call("tools/call", """{"name":"x_a"}""");
        await _x.ReceivedAsync("tools/call");
        var (pool, other, others) = (house.Pool("x"), house.Pool("y"), _y.Connections);

        var outcome = house.Engine.Apply(Model(Aside("x", "it lies"), House.Server("y")));

        Assert.Contains("\"error\"", await open.End.Within(), StringComparison.Ordinal);
        Assert.Equal("x", string.Join(' ', outcome.Changed));
        Assert.Same(pool, house.Pool("x"));
        Assert.Equal(UpstreamStatus.Quarantined, pool.State.Status);
        Assert.Contains("is quarantined: it lies", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
        Assert.Equal("y_b", await ToolsAsync(session));
        Assert.Equal("it is set aside: it lies", new RouterState(house.Engine).Servers.First(s => s.Name == "x").Health!.Objection);
        Assert.Equal((other, others), (house.Pool("y"), _y.Connections));
    }

    [Fact]
    public async Task SetAside_AsTheRouterBegins_NothingOfItIsStartedUntilItIsReleased()
    {
        await using var house = Of(Aside("x", "it lies") with { Autostart = true }, House.Server("y"));
        house.Engine.Begin();
        var session = await house.OpenAsync();
        await house.Engine.ProbeAllAsync().Within();
        Assert.Equal("y_b", await ToolsAsync(session));
        Assert.True(house.Engine.Apply(Model(Aside("x", "it lies") with { Autostart = true }, House.Server("y"))).IsNothing);
        Assert.Contains("it lies", await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(), StringComparison.Ordinal);
        Assert.Equal((0, UpstreamStatus.Quarantined), (_x.Connections, house.Pool("x").State.Status));

        house.Engine.Apply(Model(House.Server("x") with { Autostart = true }, House.Server("y")));

        await Patience.UntilAsync(() => house.Pool("x").State.Status == UpstreamStatus.Ready);
        await Patience.UntilAsync(() => ToolsAsync(session).Result == "x_a y_b");
        Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetAside_AndSaidOtherwise_ItsFormerSelfEndsAtOnceAsWell()
    {
        await using var house = Of(House.Server("x"), House.Server("y"));
        var session = await house.OpenAsync();
        await ToolsAsync(session);
        _x.Holds["tools/call"] = new TaskCompletionSource().Task;
        var open = session.Call("tools/call", """{"name":"x_a"}""");
        await _x.ReceivedAsync("tools/call");
        var connections = _x.Connections;

        house.Engine.Apply(Model(Aside("x", "it lies") with { StartupTimeout = TimeSpan.FromSeconds(29) }, House.Server("y")));

        Assert.Contains("\"error\"", await open.End.Within(), StringComparison.Ordinal);
        await Patience.UntilAsync(() => !house.Engine.Leaving.Any());
        Assert.Contains("it lies", await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(), StringComparison.Ordinal);
        Assert.Equal(connections, _x.Connections);
    }

    [Fact]
    public async Task SetAside_ForAnotherReason_SaysThat()
    {
        await using var house = Of(Aside("x", "it lies"), House.Server("y"));

        house.Engine.Apply(Model(Aside("x", "it is being looked at"), House.Server("y")));

        Assert.Contains("is quarantined: it is being looked at", await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(), StringComparison.Ordinal);
        Assert.Equal(0, _x.Connections);
    }

    private static ServerModel Aside(string name, string reason) => House.Server(name) with { Quarantine = reason };

    private static RouterModel Model(params ServerModel[] servers) => new() { Servers = [.. servers] };

    private static async Task<string> ToolsAsync(TestSession session)
    {
        using var answer = System.Text.Json.JsonDocument.Parse(await session.Call("tools/list").End.Within());
        return string.Join(' ', answer.RootElement.GetProperty("result").GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
    }

    private House Of(params ServerModel[] servers) => new(Model(servers), new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = _x, ["y"] = _y });
}
