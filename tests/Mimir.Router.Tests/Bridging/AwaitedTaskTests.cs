using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Bridging;

/// <summary>Calls that a legacy server runs as tasks only, of clients that know of none.</summary>
public sealed class AwaitedTaskTests
{
    private const string Done = "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}],\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"t1\"}}}";
    private const string Asked = "{\"elicitation\":{\"form\":{}}}";
    private readonly LegacyTaskServer _server = new();

    [Fact]
    public async Task Call_ModernClient_LastsUntilTheTaskHasEnded()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var call = await CallAsync(house);

        Assert.False(call.End.IsCompleted);
        await _server.EndAsync("completed", Done);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","content":[{"type":"text","text":"done"}],"_meta":{}}}""",
            await call.End.Within());
        await Patience.UntilAsync(() => house.Engine.Bridge.Tasks.Count == 0);
    }

    [Fact]
    public async Task Call_ModernClientIsAsked_GoesOnWithTheAnswer()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var first = await CallAsync(house, Asked);
        await _server.AskAsync("3");
        var asked = Parse(await first.End.Within()).GetProperty("result");
        Assert.Equal("input_required", asked.GetProperty("resultType").GetString());

        var second = house.Modern(
            "tools/call",
            $$$"""
            "name":"x_slow","inputResponses":{"r1":{"action":"accept"}},"requestState":{{{asked.GetProperty("requestState").GetRawText()}}}
            """,
            capabilities: Asked);
        Assert.Equal(3, (await _server.Tiny.AnsweredAsync()).GetProperty("id").GetInt32());
        await _server.EndAsync("completed", Done);

        Assert.Contains("done", await second.End.Within(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    [InlineData("2024-11-05")]
    public async Task Call_LegacyClient_LastsUntilTheTaskHasEnded(string revision)
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync(revision: revision);
        var call = await CallAsync(session);

        // Nor is it told of a task, which it did not ask for.
        await _server.Tiny.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"t1","status":"working"}}""");
        await _server.EndAsync("completed", Done);

        Assert.Equal("""{"jsonrpc":"2.0","id":9,"result":{"content":[{"type":"text","text":"done"}],"_meta":{}}}""", await call.End.Within());
        Assert.DoesNotContain(session.Waiting(), static m => m.Contains("tasks/status", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_LegacyClientIsAsked_ByARealRequestThatEndsWithTheCall()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync(Asked);
        var call = await CallAsync(session);

        await _server.AskAsync("3");
        var question = Parse(await call.NewsAsync());
        Assert.False(question.GetProperty("params").GetProperty("_meta").TryGetProperty("io.modelcontextprotocol/related-task", out _));
        Assert.True(session.Answer($$$"""{"jsonrpc":"2.0","id":{{{question.GetProperty("id").GetRawText()}}},"result":{"action":"accept"}}"""));
        Assert.Equal(3, (await _server.Tiny.AnsweredAsync()).GetProperty("id").GetInt32());

        await _server.AskAsync("4");
        var late = Parse(await call.NewsAsync());
        await _server.EndAsync("completed", Done);
        await call.End.Within();
        Assert.False(session.Answer($$$"""{"jsonrpc":"2.0","id":{{{late.GetProperty("id").GetRawText()}}},"result":{"action":"accept"}}"""));
    }

    [Fact]
    public async Task Call_TaskReportsProgress_ReachesTheClientUnderItsToken()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();
        var call = await CallAsync(session, ",\"_meta\":{\"progressToken\":\"mine\"}");

        await _server.Tiny.Wire.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{_server.Token}}},"progress":1}}""");

        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"mine","progress":1}}""", await call.NewsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_OfTheCall_CancelsTheTask(bool modern)
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var call = modern ? await CallAsync(house) : await CallAsync(await house.OpenAsync());

        call.Withdraw("\"enough\""u8);

        var cancelled = await _server.Tiny.ReceivedAsync("tasks/cancel");
        Assert.Equal("t1", cancelled.GetProperty("params").GetProperty("taskId").GetString());
        await Patience.UntilAsync(() => house.Engine.Bridge.Tasks.Count == 0);
    }

    [Fact]
    public async Task Cancel_SessionEnds_CancelsTheTask()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();
        await CallAsync(session);

        house.Engine.Remove(session);

        await _server.Tiny.ReceivedAsync("tasks/cancel");
    }

    [Fact]
    public async Task Call_ServerDoesNotWaitWithTheResult_IsAskedAgain()
    {
        _server.Outcome = "\"error\":{\"code\":-32602,\"message\":\"not yet\"}";
        var time = new ManualTime();
        await using var house = House.Of(new RouterModel(), time, ("x", _server.Tiny));
        var session = await house.OpenAsync(view: "x");
        await session.Call("tools/list").End.Within();
        var call = session.Call("tools/call", """{"name":"slow"}""");
        await _server.Tiny.ReceivedAsync("tasks/get");
        _server.Outcome = null;
        await Patience.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return _server.Waiting == 1;
        });

        await _server.EndAsync("completed", Done);

        Assert.Contains("done", await call.End.Within(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_TaskFails_EndsWithItsError(bool modern)
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var call = modern ? await CallAsync(house) : await CallAsync(await house.OpenAsync());

        await _server.EndAsync("failed", "\"error\":{\"code\":-32000,\"message\":\"boom\"}");

        Assert.Equal(-32000, Code(await call.End.Within()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_ServerGoes_IsAnErrorAndIsNotMadeAgain(bool modern)
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var call = modern ? await CallAsync(house) : await CallAsync(await house.OpenAsync());

        await _server.Tiny.Wire.CloseAsync();

        Assert.Equal(ErrorCodes.ServerLost, Code(await call.End.Within()));
        Assert.Equal("t1", _server.TaskId);
        await Patience.UntilAsync(() => house.Engine.Bridge.Tasks.Count == 0);
    }

    [Fact]
    public async Task Call_ForEver_EndsAtTenTimesTheTimeoutAndTheTaskIsCancelled()
    {
        var time = new ManualTime();
        await using var house = House.Of(new RouterModel(), time, ("x", _server.Tiny));
        var session = await house.OpenAsync(view: "x");
        await session.Call("tools/list").End.Within();
        var call = session.Call("tools/call", """{"name":"slow"}""");
        await Patience.UntilAsync(() => _server.Waiting == 1);

        time.Advance((10 * house.Pool("x").Model.CallTimeout) + TimeSpan.FromSeconds(1));

        Assert.Equal(ErrorCodes.CallTimedOut, Code(await call.End.Within()));
        await _server.Tiny.ReceivedAsync("tasks/cancel");
    }

    [Fact]
    public async Task Call_ClientAsksForATask_IsTheClientsOwn()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();

        Assert.Contains("\"taskId\":\"x.t1\"", await session.Call("tools/call", """{"name":"x_slow","task":{}}""").End.Within(), StringComparison.Ordinal);
    }

    private async Task<TestExchange> CallAsync(House house, string capabilities = "{}")
    {
        await house.Modern("tools/list", capabilities: capabilities).End.Within();
        var call = house.Modern("tools/call", "\"name\":\"x_slow\"", capabilities: capabilities);
        await Patience.UntilAsync(() => _server.Waiting == 1);
        return call;
    }

    private async Task<TestExchange> CallAsync(TestSession session, string more = "")
    {
        await session.Call("tools/list").End.Within();
        var call = session.Call("tools/call", $$$"""{"name":"x_slow"{{{more}}}}""", id: "9");
        await Patience.UntilAsync(() => _server.Waiting == 1);
        return call;
    }

    private static JsonElement Parse(string message)
    {
        using var document = JsonDocument.Parse(message);
        return document.RootElement.Clone();
    }

    private static int Code(string answer) => Parse(answer).TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0;
}
