using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Bridging;

/// <summary>Tasks of legacy servers as modern clients have them that know the extension.</summary>
public sealed class KeptTaskTests
{
    private const string Knows = """{"elicitation":{"form":{}},"extensions":{"io.modelcontextprotocol/tasks":{}}}""";
    private readonly LegacyTaskServer _server = new("optional");

    [Fact]
    public async Task Call_ClientKnowsTasks_GetsOneInItsWordsUnderAnIdThatCannotBeGuessed()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));

        var task = Result(await MakeAsync(house, "x_slow"));

        Assert.Equal("task", task.GetProperty("resultType").GetString());
        Assert.Equal("working", task.GetProperty("status").GetString());
        Assert.Equal(60000, task.GetProperty("ttlMs").GetInt32());
        Assert.Equal(100, task.GetProperty("pollIntervalMs").GetInt32());
        Assert.False(task.TryGetProperty("ttl", out _) || task.TryGetProperty("pollInterval", out _) || task.TryGetProperty("task", out _));
        Assert.Matches("^x\\.[0-9a-f]{32}$", task.GetProperty("taskId").GetString());
        var call = await _server.Tiny.ReceivedAsync("tools/call");
        Assert.Equal("{}", call.GetProperty("params").GetProperty("task").GetRawText());
    }

    [Fact]
    public async Task Call_ClientKnowsNoTasksAndNoneIsDemanded_StaysACall()
    {
        await using var house = House.Of(("x", _server.Tiny));
        await house.ModernListsAsync();

        Assert.Contains("\"heard\":\"slow\"", await house.Modern("tools/call", "\"name\":\"slow\"", view: "x").End.Within(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("completed", "\"result\":{\"content\":[],\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"t1\"}}}", "completed", "\"result\":{\"resultType\":\"complete\",\"content\":[],\"_meta\":{}}")]
    [InlineData("failed", "\"result\":{\"content\":[],\"isError\":true}", "completed", "\"result\":{\"resultType\":\"complete\",\"content\":[],\"isError\":true}")]
    [InlineData("failed", "\"error\":{\"code\":-32603,\"message\":\"boom\"}", "failed", "\"error\":{\"code\":-32603,\"message\":\"boom\"}")]
    public async Task Get_Ended_CarriesItsEnd(string status, string outcome, string seen, string carried)
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var id = IdOf(await MakeAsync(house, "x_slow"));
        await _server.EndAsync(status, outcome);

        var answer = await GetAsync(house, id);

        var task = Result(answer);
        Assert.Equal("complete", task.GetProperty("resultType").GetString());
        Assert.Equal(id, task.GetProperty("taskId").GetString());
        Assert.Equal(seen, task.GetProperty("status").GetString());
        Assert.Contains(carried, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ServerAsks_SaysWhatAndTheAnswerReachesTheServer()
    {
        await using var house = House.Of(("x", _server.Tiny));
        var id = IdOf(await MakeAsync(house, "slow", "x"));
        _server.Status = "input_required";
        var asked = house.Modern("tasks/get", $"\"taskId\":\"{id}\"", "x", capabilities: Knows);
        await _server.Tiny.ReceivedAsync("tasks/result");
        await _server.AskAsync("7");

        var task = Result(await asked.End.Within());

        Assert.Equal("input_required", task.GetProperty("status").GetString());
        var question = task.GetProperty("inputRequests").GetProperty("r1");
        Assert.Equal("elicitation/create", question.GetProperty("method").GetString());
        Assert.False(question.GetProperty("params").TryGetProperty("_meta", out _));

        Assert.Equal(
            """{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete"}}""",
            await house.Modern("tasks/update", $$$"""
                "taskId":"{{{id}}}","inputResponses":{"r1":{"action":"accept","content":{} },"r9":{} }
                """, "x", capabilities: Knows).End.Within());
        var answer = await _server.Tiny.AnsweredAsync();
        Assert.Equal(7, answer.GetProperty("id").GetInt32());
        Assert.Equal("accept", answer.GetProperty("result").GetProperty("action").GetString());

        // What is asked next has another key, and its answer is meant for nothing else.
        await _server.AskAsync("\"eight\"");
        var next = Result(await GetAsync(house, id, "x")).GetProperty("inputRequests");
        Assert.Equal(["r2"], next.EnumerateObject().Select(r => r.Name));
        Assert.Equal(1, _server.Waiting);
    }

    [Fact]
    public async Task Get_ServerAsksWhatTheClientCannotAnswer_ServerIsTold()
    {
        await using var house = House.Of(("x", _server.Tiny));
        var id = IdOf(await MakeAsync(house, "slow", "x", """{"roots":{},"extensions":{"io.modelcontextprotocol/tasks":{}}}"""));

        await _server.AskAsync("7");

        Assert.Equal(-32601, (await _server.Tiny.AnsweredAsync()).GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal("working", Result(await GetAsync(house, id, "x")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Get_AnnouncedAndNotAskedYet_Works()
    {
        var time = new ManualTime();
        await using var house = House.Of(new RouterModel(), time, ("x", _server.Tiny));
        var id = IdOf(await MakeAsync(house, "slow", "x"));
        _server.Status = "input_required";
        var asked = house.Modern("tasks/get", $"\"taskId\":\"{id}\"", "x", capabilities: Knows);
        await _server.Tiny.ReceivedAsync("tasks/result");

        Assert.Equal("working", Result(await asked.End.Within(time)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Get_ServerGone_IsAnError()
    {
        await using var house = House.Of(("x", _server.Tiny));
        var id = IdOf(await MakeAsync(house, "slow", "x"));

        await _server.Tiny.Wire.CloseAsync();
        await Patience.UntilAsync(() => house.Pool("x").Slots.All(s => s.Live is null));

        Assert.Equal(ErrorCodes.ServerLost, Code(await GetAsync(house, id, "x")));
    }

    [Fact]
    public async Task Get_ServerGoesWhileItIsAsked_IsAnErrorAndNothingIsHeld()
    {
        await using var house = House.Of(("x", _server.Tiny));
        var id = IdOf(await MakeAsync(house, "slow", "x"));
        _server.Status = "input_required";
        var asked = house.Modern("tasks/get", $"\"taskId\":\"{id}\"", "x", capabilities: Knows);
        await _server.Tiny.ReceivedAsync("tasks/result");

        await _server.Tiny.Wire.CloseAsync();

        await asked.End.Within();
        Assert.Equal(ErrorCodes.ServerLost, Code(await GetAsync(house, id, "x")));
    }

    [Theory]
    [InlineData("tasks/get")]
    [InlineData("tasks/cancel")]
    [InlineData("tasks/update")]
    public async Task Tasks_AnotherClientsOrTheServersOwnId_AreNotKnownAndNoServerHears(string method)
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", new LegacyTaskServer().Tiny));
        var id = IdOf(await MakeAsync(house, "x_slow"));
        var own = id["x.".Length..];

        Assert.Equal(ErrorCodes.InvalidParams, Code(await house.Modern(method, "\"taskId\":\"x.t1\"", capabilities: Knows).End.Within()));
        Assert.Equal(ErrorCodes.InvalidParams, Code(await house.Modern(method, $"\"taskId\":\"y.{own}\"", capabilities: Knows).End.Within()));
        Assert.Equal(ErrorCodes.InvalidParams, Code(await house.Modern(method, $"\"taskId\":\"{own}\"", "x", capabilities: Knows).End.Within()));
        Assert.Equal(0, Code(await house.Modern(method, $"\"taskId\":\"{id}\"", capabilities: Knows).End.Within()));
    }

    [Theory]
    [InlineData("working", "cancelled")]
    [InlineData("completed", "completed")]
    public async Task Cancel_ServerHasTheTask_IsAcknowledged(string before, string after)
    {
        _server.Outcome = "\"result\":{\"content\":[]}";
        await using var house = House.Of(("x", _server.Tiny));
        var id = IdOf(await MakeAsync(house, "slow", "x"));
        _server.Status = before;

        Assert.Equal(
            """{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete"}}""",
            await house.Modern("tasks/cancel", $"\"taskId\":\"{id}\"", "x", capabilities: Knows).End.Within());

        Assert.Equal(after, Result(await GetAsync(house, id, "x")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Sweep_NobodyAsksAnyMore_IsForgottenAndItsQuestionTakenBack()
    {
        var time = new ManualTime();
        await using var house = House.Of(new RouterModel(), time, ("x", _server.Tiny));
        var id = IdOf(await MakeAsync(house, "slow", "x"));
        await _server.AskAsync("7");
        Assert.Equal("input_required", Result(await GetAsync(house, id, "x")).GetProperty("status").GetString());

        time.Advance(house.Engine.Model.Limits.ParkTimeout + TimeSpan.FromSeconds(1));
        Assert.Equal("cancel", (await _server.Tiny.AnsweredAsync()).GetProperty("result").GetProperty("action").GetString());
        Assert.Equal(1, house.Engine.Bridge.Tasks.KeptCount);

        time.Advance(house.Engine.Model.Limits.SessionIdle + TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0), (house.Engine.Bridge.Tasks.KeptCount, house.Engine.Bridge.Tasks.Count));
        Assert.Equal(ErrorCodes.InvalidParams, Code(await GetAsync(house, id, "x")));
    }

    [Fact]
    public async Task Call_AsManyTasksAreKeptAsMayBe_IsRefusedAndNoServerHears()
    {
        await using var house = House.Of(("x", _server.Tiny));
        await MakeAsync(house, "slow", "x");
        await _server.Tiny.ReceivedAsync("tools/call");
        var connection = house.Pool("x").Slots.First(s => s.Live is not null).Live!;
        while (!house.Engine.Bridge.Tasks.IsFull)
        {
            house.Engine.Bridge.Tasks.Keep(connection, "other"u8, ClientProfile.Plain, "somebody");
        }

        Assert.Equal(ErrorCodes.Busy, Code(await MakeAsync(house, "slow", "x")));
        Assert.Equal("t1", _server.TaskId);
    }

    [Fact]
    public async Task Connection_HoldsATaskThatIsKept_StaysWhenItsClientIsQuiet()
    {
        var time = new ManualTime();
        await using var house = House.Of(new RouterModel(), time, ("x", _server.Tiny));
        var id = IdOf(await MakeAsync(house, "slow", "x"));

        var connections = _server.Tiny.Connections;

        time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("working", Result(await GetAsync(house, id, "x")).GetProperty("status").GetString());
        Assert.Equal(connections, _server.Tiny.Connections);
    }

    [Fact]
    public async Task Listen_TaskEnds_IsToldTheWholeTaskAndOnlyThoseWhoListen()
    {
        await using var house = House.Of(("x", _server.Tiny), ("y", TinyServer.With("b")));
        var id = IdOf(await MakeAsync(house, "x_slow"));
        var listener = house.Modern("subscriptions/listen", $$$"""
            "notifications":{"taskIds":["{{{id}}}","x.t1"]}
            """, id: "\"l\"", capabilities: Knows);
        Assert.Contains($"\"taskIds\":[\"{id}\"]", await listener.NewsAsync(), StringComparison.Ordinal);
        await Patience.UntilAsync(() => _server.Waiting == 1);

        await _server.AskAsync("7");
        var asks = Params(await listener.NewsAsync());
        await _server.EndAsync("completed", "\"result\":{\"content\":[]}");
        var ends = Params(await listener.NewsAsync());

        Assert.Equal(("input_required", id), (asks.GetProperty("status").GetString(), asks.GetProperty("taskId").GetString()));
        Assert.True(asks.TryGetProperty("inputRequests", out _));
        Assert.Equal("completed", ends.GetProperty("status").GetString());
        Assert.True(ends.TryGetProperty("result", out _));
        Assert.False(ends.TryGetProperty("resultType", out _));
        Assert.Equal("l", ends.GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetString());
    }

    private static async Task<string> MakeAsync(House house, string tool, string? view = null, string capabilities = Knows)
    {
        await house.Modern("tools/list", view: view, capabilities: capabilities).End.Within();
        return await house.Modern("tools/call", $"\"name\":\"{tool}\"", view, capabilities: capabilities).End.Within();
    }

    private static Task<string> GetAsync(House house, string id, string? view = null) =>
        house.Modern("tasks/get", $"\"taskId\":\"{id}\"", view, capabilities: Knows).End.Within();

    private static string IdOf(string answer) => Result(answer).GetProperty("taskId").GetString()!;

    private static JsonElement Result(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        Assert.True(document.RootElement.TryGetProperty("result", out var result), answer);
        return result.Clone();
    }

    private static JsonElement Params(string message)
    {
        using var document = JsonDocument.Parse(message);
        Assert.Equal("notifications/tasks", document.RootElement.GetProperty("method").GetString());
        return document.RootElement.GetProperty("params").Clone();
    }

    private static int Code(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0;
    }
}
