using System.Diagnostics;
using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>Tasks: of the core in 2025-11-25, of the extension in 2026-07-28, and waiting where there are none.</summary>
public abstract partial class EraSpecification
{
    private const string Done = "slowly done";
    private const string Endless = "{\"ms\":300000}";

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Task_NotAskedFor_TheCallLastsUntilItsEnd(string client)
    {
        await using var c = await OpenAsync(client);
        if (await IsMissingAsync(c, c.Limit(EraLimits.Tasks), "slow-task")) return;

        var reply = await c.CallAsync("slow-task");

        // These servers demand that a task is asked for. A router waits for one on behalf of a session; between two that have no session
        // it is the server's affair.
        if (client == EraFixture.Direct || (c.Modern && c.Revision == c.Server)) EraVerdict.Refused("task", reply);
        else EraVerdict.Text(c, Done, reply);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Task_AskedFor_EndsWithTheResult(string client)
    {
        await using var c = await OpenAsync(client, tasks: true);
        if (await HasNoneAsync(c)) return;

        var id = await BeginAsync(c, "{\"ms\":100}");

        if (c.Modern)
        {
            EraVerdict.Text(c, Done, new Reply(0, $"{{\"result\":{Inner(c, await EndAsync(c, id))}}}"));
            return;
        }

        var result = await c.AskAsync("tasks/result", $"\"taskId\":\"{id}\"");
        EraVerdict.Text(c, Done, result);
        Assert.Equal(id, result.Result.At("_meta", "io.modelcontextprotocol/related-task", "taskId").Str());
        Assert.Equal("completed", (await EndAsync(c, id)).At("status").Str());
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Task_Cancelled_HasThatStatus(string client)
    {
        await using var c = await OpenAsync(client, tasks: true);
        if (await HasNoneAsync(c)) return;
        var id = await BeginAsync(c, Endless);

        var cancelled = await c.AskAsync("tasks/cancel", $"\"taskId\":\"{id}\"");

        EraVerdict.Complete(c, cancelled);
        if (!c.Modern) Assert.Equal(id, cancelled.Result.At("taskId").Str());
        Assert.Equal("cancelled", (await EndAsync(c, id)).At("status").Str());
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Task_OfASession_IsInItsList(string client)
    {
        await using var c = await OpenAsync(client, tasks: true);
        if (await HasNoneAsync(c)) return;
        var id = await BeginAsync(c, Endless);

        var list = await c.AskAsync("tasks/list");

        if (c.Modern) Assert.Equal(-32601, list.Code);
        else Assert.Equal([id], list.Result.At("tasks").EnumerateArray().Select(t => t.At("taskId").Str()));
        await c.AskAsync("tasks/cancel", $"\"taskId\":\"{id}\"");
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Task_ThatIsNotThere_IsAnInvalidParameter(string client)
    {
        await using var c = await OpenAsync(client, tasks: true);
        if (await HasNoneAsync(c)) return;

        Assert.Equal(-32602, (await c.AskAsync("tasks/get", "\"taskId\":\"nobody\"")).Code);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Tasks_InTheHandshake_AreToldInTheClientsWords(string client)
    {
        await using var c = await OpenAsync(client, tasks: true);
        var capabilities = c.Modern ? (await c.AskAsync("server/discover")).Result.At("capabilities") : c.Handshake.At("capabilities");
        Assert.Equal(JsonValueKind.Object, capabilities.ValueKind);

        var core = capabilities.At("tasks", "requests", "tools", "call").ValueKind;
        var extension = capabilities.At("extensions", "io.modelcontextprotocol/tasks").ValueKind;

        // A router may be asked before it knows its servers, so that it may tell of more than there is.
        if (c.Limit(EraLimits.Tasks) is null) Assert.Equal(JsonValueKind.Object, c.Modern ? extension : core);
    }

    /// <summary>Whether a pair of revisions has no tasks; then whoever asks for one all the same is told so.</summary>
    private static async Task<bool> HasNoneAsync(EraClient c)
    {
        var limit = c.Limit(EraLimits.Tasks);
        if (limit is null) return false;
        if (await IsMissingAsync(c, limit, "slow-task")) return true;
        await ToolAsync(c, "slow-task");
        var reply = await c.AskAsync("tasks/get", "\"taskId\":\"nobody\"");
        Assert.True(reply.Code is -32601 or -32602, reply.ToString());
        return true;
    }

    /// <summary>Calls the slow tool so that it becomes a task.</summary>
    private static async Task<string> BeginAsync(EraClient c, string arguments)
    {
        var wish = c.Modern ? "" : ",\"task\":{\"ttl\":60000}";
        var reply = await c.AskAsync("tools/call", $"\"name\":\"slow-task\",\"arguments\":{arguments}{wish}");
        Assert.True(reply.Result.ValueKind == JsonValueKind.Object, reply.ToString());
        if (c.Modern) Assert.True(reply.Result.At("resultType").Str() == "task", reply.ToString());
        var task = c.Modern ? reply.Result : reply.Result.At("task");
        AssertTask(c, task, reply);
        return task.At("taskId").Str()!;
    }

    /// <summary>Asks after a task until it has ended.</summary>
    private static async Task<JsonElement> EndAsync(EraClient c, string id)
    {
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < EraClient.Patience;)
        {
            var reply = await c.AskAsync("tasks/get", $"\"taskId\":\"{id}\"");
            EraVerdict.Complete(c, reply);
            AssertTask(c, reply.Result, reply);
            Assert.Equal(id, reply.Result.At("taskId").Str());
            if (reply.Result.At("status").Str() is not "working") return reply.Result;
        }

        throw new TimeoutException($"the task {id} does not end");
    }

    private static void AssertTask(EraClient c, JsonElement task, Reply reply)
    {
        Assert.All(
            ["taskId", "status", "createdAt", "lastUpdatedAt"],
            name => Assert.False(string.IsNullOrEmpty(task.At(name).Str()), $"{name} of the task: {reply}"));
        Assert.True(task.At(c.Modern ? "ttlMs" : "ttl").ValueKind is JsonValueKind.Number or JsonValueKind.Null, "ttl: " + reply);
    }

    /// <summary>The result that an ended modern task carries, as a whole result: whether it says of itself that it is complete is open.</summary>
    private static string Inner(EraClient c, JsonElement task)
    {
        Assert.Equal("completed", task.At("status").Str());
        var result = task.At("result");
        Assert.True(c.Modern && result.ValueKind == JsonValueKind.Object, "no result: " + task.GetRawText());
        return result.At("resultType").Str() is null ? "{\"resultType\":\"complete\"," + result.GetRawText()[1..] : result.GetRawText();
    }
}
