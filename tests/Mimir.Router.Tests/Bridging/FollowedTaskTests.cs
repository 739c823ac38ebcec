using System.Text.Json;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Bridging;

/// <summary>Tasks of modern servers as legacy clients have them.</summary>
public sealed class FollowedTaskTests
{
    private const string Done = ",\"result\":{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
    private const string Question = ",\"inputRequests\":{\"name\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"who?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}}";
    private readonly ModernTaskServer _server = new();

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2024-11-05")]
    public async Task Call_ServerDemandsATask_LastsUntilItsEnd(string revision)
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync(revision: revision);
        var call = await CallAsync(session);
        await _server.Tiny.ReceivedAsync("tasks/get");
        Assert.False(call.End.IsCompleted);

        _server.State = ("completed", Done);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":9,"result":{"resultType":"complete","content":[{"type":"text","text":"done"}]}}""",
            await call.End.Within());
    }

    [Theory]
    [InlineData("completed", ",\"result\":{\"content\":[],\"isError\":true}", "\"isError\":true")]
    [InlineData("failed", ",\"error\":{\"code\":-32000,\"message\":\"boom\"}", "\"code\":-32000")]
    [InlineData("cancelled", "", "was cancelled")]
    public async Task Call_TaskEndsOtherwise_EndsAlike(string status, string more, string told)
    {
        _server.State = (status, more);
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));

        Assert.Contains(told, await (await CallAsync(await house.OpenAsync())).End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_TaskAsks_ClientIsAskedOnceByARealRequest()
    {
        _server.State = ("input_required", Question);
        _server.AfterUpdate = ("completed", Done);
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync("{\"elicitation\":{}}");
        var call = await CallAsync(session);

        var question = Parse(await call.NewsAsync());
        Assert.Equal("elicitation/create", question.GetProperty("method").GetString());
        Assert.True(session.Answer($$$"""{"jsonrpc":"2.0","id":{{{question.GetProperty("id").GetRawText()}}},"result":{"action":"accept"}}"""));

        var update = (await _server.Tiny.ReceivedAsync("tasks/update")).GetProperty("params");
        Assert.Equal("accept", update.GetProperty("inputResponses").GetProperty("name").GetProperty("action").GetString());
        Assert.Contains("done", await call.End.Within(), StringComparison.Ordinal);
        Assert.Empty(call.Related);
    }

    [Fact]
    public async Task Call_TaskAsksWhatTheClientCannotAnswer_FailsAndIsCancelled()
    {
        _server.State = ("input_required", Question);
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));

        var answer = await (await CallAsync(await house.OpenAsync())).End.Within();

        Assert.Contains("\"isError\":true", answer, StringComparison.Ordinal);
        Assert.Contains("elicitation", answer, StringComparison.Ordinal);
        await _server.Tiny.ReceivedAsync("tasks/cancel");
    }

    [Fact]
    public async Task Cancel_OfTheCall_CancelsTheTask()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var call = await CallAsync(await house.OpenAsync());
        await _server.Tiny.ReceivedAsync("tasks/get");

        call.Withdraw("\"enough\""u8);

        Assert.Equal("t1", (await _server.Tiny.ReceivedAsync("tasks/cancel")).GetProperty("params").GetProperty("taskId").GetString());
    }

    [Fact]
    public async Task Call_AskedForATask_IsOneInTheWordsOfTheClient()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();

        var answer = await (await CallAsync(session, ",\"task\":{\"ttl\":1}")).End.Within();

        Assert.Equal(
            """{"jsonrpc":"2.0","id":9,"result":{"task":{"taskId":"x.t1","status":"working","ttl":60000,"pollInterval":100,"createdAt":"c","lastUpdatedAt":"u"}}}""",
            answer);
        Assert.False((await _server.Tiny.ReceivedAsync("tools/call")).GetProperty("params").TryGetProperty("task", out _));
    }

    [Fact]
    public async Task Tasks_OfASession_AreListedAskedAfterAndCancelled()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var (session, other) = (await house.OpenAsync(), await house.OpenAsync());
        await (await CallAsync(session, ",\"task\":{}")).End.Within();

        Assert.Contains("\"tasks\":[{\"taskId\":\"x.t1\",\"status\":\"working\"", await session.Call("tasks/list").End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"tasks\":[]", await other.Call("tasks/list").End.Within(), StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.InvalidParams, Code(await other.Call("tasks/get", """{"taskId":"x.t1"}""").End.Within()));
        Assert.Contains("\"status\":\"cancelled\"", await session.Call("tasks/cancel", """{"taskId":"x.t1"}""").End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"cancelled\"", await session.Call("tasks/list").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ToolReportsAnError_HasFailed()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();
        await (await CallAsync(session, ",\"task\":{}")).End.Within();
        _server.State = ("completed", ",\"result\":{\"content\":[],\"isError\":true}");

        var task = Parse(await session.Call("tasks/get", """{"taskId":"x.t1"}""").End.Within()).GetProperty("result");

        Assert.Equal("failed", task.GetProperty("status").GetString());
        Assert.False(task.TryGetProperty("result", out _) || task.TryGetProperty("ttlMs", out _));
        Assert.Equal(ErrorCodes.InvalidParams, Code(await session.Call("tasks/cancel", """{"taskId":"x.t1"}""").End.Within()));
    }

    [Fact]
    public async Task Result_TaskGoesOn_WaitsAndSaysWhichTaskItIsOf()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();
        await (await CallAsync(session, ",\"task\":{}")).End.Within();
        var result = session.Call("tasks/result", """{"taskId":"x.t1"}""");
        await _server.Tiny.ReceivedAsync("tasks/get");
        Assert.False(result.End.IsCompleted);

        _server.State = ("completed", Done);

        var answer = Parse(await result.End.Within()).GetProperty("result");
        Assert.Equal("done", answer.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("x.t1", answer.GetProperty("_meta").GetProperty("io.modelcontextprotocol/related-task").GetProperty("taskId").GetString());
    }

    [Fact]
    public async Task Result_ClientGivesUp_LeavesTheTaskAlone()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();
        await (await CallAsync(session, ",\"task\":{}")).End.Within();
        var result = session.Call("tasks/result", """{"taskId":"x.t1"}""");
        await _server.Tiny.ReceivedAsync("tasks/get");

        result.Withdraw("\"later\""u8);

        Assert.Contains("\"status\":\"working\"", await session.Call("tasks/get", """{"taskId":"x.t1"}""").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ServerReports_ReachesTheSessionThatMadeTheTask()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();
        await (await CallAsync(session, ",\"task\":{}")).End.Within();
        JsonElement listen;
        do
        {
            listen = await _server.Tiny.ReceivedAsync("subscriptions/listen");
        }
        while (!listen.GetProperty("params").GetProperty("notifications").TryGetProperty("taskIds", out _));

        _server.State = ("completed", Done);
        await _server.Tiny.Wire.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/tasks","params":{{{{_server.Members}}}}}""");

        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"x.t1","status":"completed","ttl":60000,"pollInterval":100,"createdAt":"c","lastUpdatedAt":"u"}}""",
            await session.NewsAsync());
    }

    private static async Task<TestExchange> CallAsync(TestSession session, string more = "")
    {
        await session.Call("tools/list").End.Within();
        return session.Call("tools/call", $$$"""{"name":"x_slow"{{{more}}}}""", id: "9");
    }

    private static JsonElement Parse(string message)
    {
        using var document = JsonDocument.Parse(message);
        return document.RootElement.Clone();
    }

    private static int Code(string answer) => Parse(answer).TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0;
}
