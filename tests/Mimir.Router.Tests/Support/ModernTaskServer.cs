using System.Text.Json;

namespace Mimir.Router.Tests.Support;

/// <summary>A server of 2026-07-28 with the extension for tasks and one tool <c>slow</c>, which it runs as a task or not at all.</summary>
public sealed class ModernTaskServer
{
    public ModernTaskServer()
    {
        Tiny = new TinyServer
        {
            SpeaksLegacy = false,
            Capabilities = """{"tools":{},"extensions":{"io.modelcontextprotocol/tasks":{}}}""",
            On = TakeAsync,
        };
        Tiny.Offer("slow");
    }

    public TinyServer Tiny { get; }

    /// <summary>The status of every task, and what it carries: further members with a comma before them.</summary>
    public (string Status, string More) State { get; set; } = ("working", "");

    /// <summary>What <see cref="State"/> becomes when the client answers.</summary>
    public (string Status, string More)? AfterUpdate { get; set; }

    /// <summary>The task as it stands.</summary>
    public string Members =>
        $"\"taskId\":\"t1\",\"status\":\"{State.Status}\",\"createdAt\":\"c\",\"lastUpdatedAt\":\"u\",\"ttlMs\":60000,\"pollIntervalMs\":100{State.More}";

    private async Task<bool> TakeAsync(JsonElement message, TinyWire wire)
    {
        switch (message.GetProperty("method").GetString())
        {
            case "tools/call" when !Declares(message):
                await wire.SendAsync(
                    $$$$$$$"""{"jsonrpc":"2.0","id":{{{{{{{message.GetProperty("id").GetRawText()}}}}}}},"error":{"code":-32021,"message":"tasks","data":{"requiredCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}}}""");
                return true;
            case "tools/call":
                await wire.AnswerAsync(message, $$"""{"resultType":"task",{{Members}}}""");
                return true;
            case "tasks/get":
                await wire.AnswerAsync(message, $$"""{"resultType":"complete",{{Members}}}""");
                return true;
            case "tasks/cancel":
                State = State.Status == "working" ? ("cancelled", "") : State;
                await wire.AnswerAsync(message, """{"resultType":"complete"}""");
                return true;
            case "tasks/update":
                State = AfterUpdate ?? State;
                await wire.AnswerAsync(message, """{"resultType":"complete"}""");
                return true;
            case "tasks/result" or "tasks/list":
                await wire.FailAsync(message, -32601);
                return true;
            default:
                return false;
        }
    }

    private static bool Declares(JsonElement message) =>
        message.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/clientCapabilities").TryGetProperty("extensions", out var extensions)
        && extensions.TryGetProperty("io.modelcontextprotocol/tasks", out _);
}
