using System.Text.Json;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Engine;

public sealed class DispatchTests
{
    [Theory]
    [InlineData("server/discover", "{}")]
    [InlineData("subscriptions/listen", "{}")]
    [InlineData("tasks/update", """{"taskId":"x.1"}""")]
    [InlineData("made/up", "{}")]
    public async Task Dispatch_LegacyMethodOfTheOtherEra_IsNotFound(string method, string parameters)
    {
        await using var house = House.Of(("x", TinyServer.With("a")), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();

        Assert.Equal(ErrorCodes.MethodNotFound, Code(await session.Call(method, parameters).End.Within()));
    }

    [Theory]
    [InlineData("tools/call", "{}")]
    [InlineData("prompts/get", "{}")]
    [InlineData("resources/read", "{}")]
    [InlineData("tasks/get", "{}")]
    [InlineData("tasks/get", """{"taskId":"nobody.1"}""")]
    [InlineData("tasks/get", """{"taskId":"untagged"}""")]
    [InlineData("completion/complete", "{}")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"nobody"}}""")]
    [InlineData("logging/setLevel", "{}")]
    [InlineData("logging/setLevel", """{"level":"loud"}""")]
    [InlineData("tools/call", """{"name":"x_nobody"}""")]
    [InlineData("tools/call", """{"name":"a"}""")]
    [InlineData("prompts/get", """{"name":"x_a"}""")]
    [InlineData("tools/list", """{"cursor":"forged"}""")]
    public async Task Dispatch_LegacyWrongParameters_IsInvalidParamsAndNoServerHears(string method, string parameters)
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();
        var heard = 0;
        server.On = (message, _) =>
        {
            heard += message.GetProperty("method").ValueEquals(method) && method != "tools/list" ? 1 : 0;
            return Task.FromResult(false);
        };

        Assert.Equal(ErrorCodes.InvalidParams, Code(await session.Call(method, parameters).End.Within()));
        Assert.Equal(0, heard);
    }

    [Fact]
    public async Task Call_PrefixedName_ServerHearsItsOwnAndTheCallerItsId()
    {
        await using var house = House.Of(("x", TinyServer.With("a.b")), ("y", TinyServer.With("a.b")));
        var session = await house.OpenAsync();

        Assert.Equal(
            """{"jsonrpc":"2.0","id":"mine","result":{"content":[],"heard":"a.b"}}""",
            await session.Call("tools/call", """{"name":"y_a_b"}""", "\"mine\"").End.Within());
        Assert.Equal(
            """{"jsonrpc":"2.0","id":"mine","result":{"content":[],"heard":"a.b"}}""",
            await house.Modern("tools/call", "\"name\":\"x_a\\u005fb\"", id: "\"mine\"").End.Within());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_ServerOfTheOtherEra_IsAnswered(bool modernCaller)
    {
        var server = new TinyServer { SpeaksModern = !modernCaller, SpeaksLegacy = modernCaller }.Offer("a");
        await using var house = House.Of(("x", server), ("y", TinyServer.With("b")));
        var exchange = modernCaller
            ? house.Modern("tools/call", "\"name\":\"x_a\"")
            : (await house.OpenAsync()).Call("tools/call", """{"name":"x_a"}""");

        var answer = await exchange.End.Within();

        Assert.Contains("\"heard\":\"a\"", answer, StringComparison.Ordinal);
        Assert.Equal(modernCaller, answer.Contains("\"resultType\":\"complete\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("x_\\udc00a")]
    public async Task Call_NameThatIsNoText_IsRefusedAndTheCallerIsAnswered(string name)
    {
        await using var house = House.Of(("x", TinyServer.With("a")), ("y", TinyServer.With("b")));

        Assert.Contains("\"error\"", await house.Modern("tools/call", $"\"name\":\"{name}\"").End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"error\"", await house.Modern("resources/read", $"\"uri\":\"{name}\"").End.Within(), StringComparison.Ordinal);
        Assert.Contains(
            "\"error\"",
            await house.Modern("completion/complete", $$"""
                "ref":{"type":"ref/prompt","name":"{{name}}"}
                """).End.Within(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatch_UnknownMethodAtOneServerAlone_IsPassedOn()
    {
        await using var house = House.Of(("x", TinyServer.With("a")), ("y", TinyServer.With("b")));

        Assert.Contains("\"k\":1", await house.Modern("made/up", "\"k\":1", view: "x").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_OpenCall_ServerIsToldUnderItsIdAndTheCallerHearsNothing()
    {
        var server = TinyServer.With("a");
        server.Holds["tools/call"] = new TaskCompletionSource().Task;
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync();
        var call = session.Call("tools/call", """{"name":"x_a"}""", "\"c\"");
        var sent = await server.ReceivedAsync("tools/call");

        session.Notify("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"other"}}""");
        Assert.False(call.IsEnded);
        session.Notify("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c","reason":"bored"}}""");

        Assert.Equal("withdrawn", await call.End.Within());
        Assert.Equal(
            $$$"""{"requestId":{{{sent.GetProperty("id").GetRawText()}}},"reason":"bored"}""",
            (await server.ReceivedAsync("notifications/cancelled")).GetProperty("params").GetRawText());
    }

    [Fact]
    public async Task Remove_SessionWithOpenCalls_AreWithdrawnAndItsOwnConnectionsEnd()
    {
        var server = TinyServer.With("a");
        server.Holds["tools/call"] = new TaskCompletionSource().Task;
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync("""{"roots":{}}""");
        var call = session.Call("tools/call", """{"name":"x_a"}""");
        await server.ReceivedAsync("tools/call");
        var connection = Assert.Single(house.Pool("x").Slots, s => s.Owner == session).Live!;

        house.Engine.Remove(session);

        Assert.Equal("withdrawn", await call.End.Within());
        await connection.Gone.Task.Within();
        Assert.DoesNotContain(house.Pool("x").Slots, s => s.Owner == session);
        Assert.Equal((0, 0), (house.Engine.SessionCount, session.OpenCount));
    }

    [Fact]
    public async Task Remove_SomethingOfTheSessionGoesOn_NoConnectionIsMadeForItAgain()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync("""{"roots":{}}""");
        await session.Call("tools/list").End.Within();
        house.Engine.Remove(session);

        // A list that waited for a server goes on like this after its session has ended.
        var slot = session.Catalog!.SlotOf(house.Pool("x"));

        await Assert.ThrowsAsync<ConnectFailure>(() => slot.OpenAsync().Within());
        Assert.DoesNotContain(house.Pool("x").Slots, s => s.Owner == session);
        Assert.Equal(1, server.Connections);
    }

    private static int Code(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0;
    }
}
