using System.Text.Json;
using Mimir.Wicked.Server;

namespace Mimir.Wicked.Tools;

/// <summary>Tasks of 2025-11-25, as far as a router has to know whose they are.</summary>
internal static class Tasks
{
    /// <summary><c>{id, afterMs?}</c>: answers with a task, and later speaks of it on the standing stream: a log message and its status.</summary>
    public static async Task MakeAsync(Exchange exchange, JsonElement arguments)
    {
        var id = Json.Text(arguments.Get("id").AsText() ?? "T1");
        var task = $"\"taskId\":{id},\"status\":\"working\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"lastUpdatedAt\":\"2026-01-01T00:00:00Z\",\"ttl\":60000";
        await exchange.ReplyAsync($"\"task\":{{{task}}}");
        await Task.Delay(arguments.Get("afterMs").AsInt(0));
        if (exchange.Talk.Standing is not { } outlet) return;
        await outlet.SendAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"of the task"}}""");
        await outlet.SendAsync($"{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks/status\",\"params\":{{{task},\"statusMessage\":\"of the task\"}}}}");
    }
}
