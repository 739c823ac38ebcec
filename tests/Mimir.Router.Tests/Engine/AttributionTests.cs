using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Engine;

public sealed class AttributionTests
{
    private const string MadeTask = """{"task":{"taskId":"T1","status":"working"}}""";
    private const string Log = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"SECRET"}}""";

    [Fact]
    public async Task News_AnotherClientsCallIsOpen_ReachesTheTasksMakerAndNobodyElse()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var (maker, other) = (await house.OpenAsync(), await house.OpenAsync());
        await MakeTaskAsync(server, maker);
        server.Holds["tools/call"] = new TaskCompletionSource().Task;
        var open = other.Call("tools/call", """{"name":"x_a"}""");
        await server.ReceivedAsync("tools/call");

        await server.Wire.SendAsync(Log);
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"unheard of","status":"working"}}""");
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"T1","statusMessage":"SECRET"}}""");

        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"x.T1","statusMessage":"SECRET"}}""", await maker.NewsAsync());
        Assert.Empty(maker.Waiting());
        Assert.Empty(other.Waiting());
        Assert.Empty(open.Related);
        Assert.Equal(2, Assert.Single(house.Pool("x").Slots, s => s.Live is not null).Live!.Order.Counts.Strays);
    }

    [Fact]
    public async Task News_TheMakerHasGone_ReachesNobody()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var maker = await house.OpenAsync();
        await MakeTaskAsync(server, maker);
        house.Engine.Remove(maker);
        var other = await house.OpenAsync();
        await other.Call("tools/call", """{"name":"x_a"}""").End.Within();

        await server.Wire.SendAsync(Log);
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"T1","statusMessage":"SECRET"}}""");
        await other.Call("tools/call", """{"name":"x_a"}""").End.Within();

        Assert.Empty(other.Waiting());
        Assert.Equal(2, Assert.Single(house.Pool("x").Slots, s => s.Live is not null).Live!.Order.Counts.Strays);
    }

    [Fact]
    public async Task News_OneClientUsesTheConnection_AreItsAlsoOutsideCalls()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();

        await server.Wire.SendAsync(Log);
        Assert.Equal(Log, await session.NewsAsync());
        await session.Call("tools/call", """{"name":"x_a"}""").End.Within();
        await server.Wire.SendAsync(Log);

        Assert.Equal(Log, await session.NewsAsync());
    }

    [Fact]
    public async Task Question_AClientThatSharesTheConnectionCalledBefore_IsRefusedUnlessItNamesATask()
    {
        var server = TinyServer.With("a");
        await using var house = new House(
            new RouterModel { Servers = [House.Server("x") with { Sharing = Sharing.Shared }] }, new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = server });
        const string capabilities = """{"elicitation":{}}""";
        var (maker, other) = (await house.OpenAsync(capabilities), await house.OpenAsync(capabilities));
        await MakeTaskAsync(server, maker);
        server.Holds["tools/call"] = new TaskCompletionSource().Task;
        var open = other.Call("tools/call", """{"name":"x_a"}""");
        await server.ReceivedAsync("tools/call");

        await server.Wire.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"message":"SECRET"}}""");
        Assert.Equal(ErrorCodes.CannotAsk, (await server.AnsweredAsync()).GetProperty("error").GetProperty("code").GetInt32());
        await server.Wire.SendAsync(
            """{"jsonrpc":"2.0","id":2,"method":"elicitation/create","params":{"message":"m","_meta":{"io.modelcontextprotocol/related-task":{"taskId":"T1"}}}}""");

        Assert.Contains("\"message\":\"m\"", await maker.NewsAsync(), StringComparison.Ordinal);
        Assert.Empty(other.Waiting());
        Assert.Empty(open.Related);
    }

    [Fact]
    public async Task RootsList_OutsideCalls_IsAnsweredForAClientWithoutRoots()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync();
        await session.Call("tools/call", """{"name":"x_a"}""").End.Within();

        await server.Wire.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"roots/list"}""");

        Assert.Equal("""{"roots":[]}""", (await server.AnsweredAsync()).GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task Log_ModernCallsOfTwoClients_IsNobodys()
    {
        var server = TinyServer.With("a");
        server.Holds["tools/call"] = new TaskCompletionSource().Task;
        await using var house = House.Of(("x", server));
        await house.ModernListsAsync();
        var connection = Assert.Single(house.Pool("x").Slots, s => s.Live is not null).Live!;
        var asking = house.Modern("tools/call", "\"name\":\"x_a\"");
        asking.LogLevel = "debug";
        await server.ReceivedAsync("tools/call");

        await server.Wire.SendAsync(Log);
        Assert.Equal(Log, await asking.NewsAsync());
        house.Modern("tools/call", "\"name\":\"x_a\"");
        await server.ReceivedAsync("tools/call");
        await server.Wire.SendAsync(Log);

        await Patience.UntilAsync(() => connection.Order.Counts.Strays == 1);
        Assert.Empty(asking.Related);
    }

    private static async Task MakeTaskAsync(TinyServer server, TestSession session)
    {
        server.Lists["tools/call"] = MadeTask;
        Assert.Contains("x.T1", await session.Call("tools/call", """{"name":"x_a","task":{}}""").End.Within(), StringComparison.Ordinal);
        server.Lists.TryRemove("tools/call", out _);
        await server.ReceivedAsync("tools/call");
    }
}
