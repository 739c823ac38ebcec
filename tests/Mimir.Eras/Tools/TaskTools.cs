using System.Collections.Concurrent;
using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>The tool that takes its time: a task of the core in 2025-11-25, of the extension in 2026-07-28.</summary>
internal sealed class TaskTools(Era era)
{
    private const int Ttl = 600_000;

    private readonly ConcurrentDictionary<string, TaskRecord> _tasks = new();

    /// <summary>The tools.</summary>
    public IEnumerable<Tool> All()
    {
        if (!era.From(Era.R202511)) yield break;
        yield return new(
            "slow-task",
            RunAsync,
            "\"ms\":{\"type\":\"integer\"}",
            era.Modern ? null : "\"execution\":{\"taskSupport\":\"required\"}");
    }

    /// <summary><c>tasks/get</c>.</summary>
    public Task GetAsync(Call call) => FoundAsync(call, task =>
    {
        var tail = era.Modern && task.Status == "completed" ? $",\"result\":{call.Result(Outcome)}" : "";
        return call.ReplyAsync(Members(task) + tail);
    });

    /// <summary><c>tasks/result</c>, which waits.</summary>
    public Task ResultAsync(Call call) => FoundAsync(call, async task =>
    {
        await task.Ended.WaitAsync(call.Canceled);
        if (task.Status == "completed") await call.ReplyAsync($"{Outcome},\"_meta\":{{\"{MetaKeys.RelatedTask}\":{{\"taskId\":\"{task.Id}\"}}}}");
        else await call.FailAsync(-32603, "the task was cancelled");
    });

    /// <summary><c>tasks/list</c>.</summary>
    public Task ListAsync(Call call) => call.ReplyAsync(
        $"\"tasks\":[{string.Join(',', _tasks.Values.Where(t => t.Owner == call.Peer).Select(t => $"{{{Members(t)}}}"))}]");

    /// <summary><c>tasks/cancel</c>.</summary>
    public Task CancelAsync(Call call) => FoundAsync(call, task =>
    {
        var ended = task.End("cancelled");
        if (era.Modern) return call.ReplyAsync("");
        return ended ? call.ReplyAsync(Members(task)) : call.FailAsync(-32602, $"task {task.Id} has ended: {task.Status}");
    });

    /// <summary><c>tasks/update</c>: no task asks anything.</summary>
    public Task UpdateAsync(Call call) => FoundAsync(call, _ => call.ReplyAsync(""));

    private const string Outcome = "\"content\":[{\"type\":\"text\",\"text\":\"slowly done\"}]";

    private async Task RunAsync(Call call)
    {
        var wanted = call.Params.Get("task");
        if (era.Modern && !call.Capabilities.Get("extensions").Has(MetaKeys.Tasks))
        {
            await call.FailAsync(
                -32021,
                "Missing required client capability: " + MetaKeys.Tasks,
                $"{{\"requiredCapabilities\":{{\"extensions\":{{\"{MetaKeys.Tasks}\":{{}}}}}}}}",
                400);
            return;
        }

        if (!era.Modern && wanted.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            await call.FailAsync(-32601, "Tool slow-task must be called as a task");
            return;
        }

        var task = new TaskRecord(call.Peer, wanted.Get("ttl").AsInt(Ttl));
        _tasks[task.Id] = task;
        _ = EndAsync(task, call.Arguments.Get("ms").AsInt(200));
        if (era.Modern) await call.Outlet.SendAsync(call.Answer(call.Result(Members(task), type: "task")), final: true);
        else await call.ReplyAsync($"\"task\":{{{Members(task)}}}");
    }

    private static async Task EndAsync(TaskRecord task, int after)
    {
        await Task.WhenAny(task.Ended, Task.Delay(after));
        task.End("completed");
    }

    private Task FoundAsync(Call call, Func<TaskRecord, Task> act)
    {
        var id = call.Params.Get("taskId").AsText() ?? "";
        return _tasks.TryGetValue(id, out var task) && (era.Modern || task.Owner == call.Peer)
            ? act(task)
            : call.FailAsync(-32602, $"Task {id} not found");
    }

    private string Members(TaskRecord task)
    {
        var (ttl, interval) = era.Modern ? ("ttlMs", "pollIntervalMs") : ("ttl", "pollInterval");
        return $"\"taskId\":\"{task.Id}\",\"status\":\"{task.Status}\",\"createdAt\":\"{task.Created}\",\"lastUpdatedAt\":\"{task.Updated}\","
            + $"\"{ttl}\":{Json.Digits(task.Ttl)},\"{interval}\":50";
    }
}
