using System.Collections.Concurrent;
using System.Text.Json;

namespace Mimir.Router.Tests.Support;

/// <summary>A server of 2025-11-25 with one tool <c>slow</c> that runs as a task until the test ends it.</summary>
public sealed class LegacyTaskServer
{
    private readonly ConcurrentQueue<JsonElement> _waiting = new();
    private int _made;

    public LegacyTaskServer(string support = "required")
    {
        Tiny = new TinyServer
        {
            SpeaksModern = false,
            Capabilities = """{"tools":{},"tasks":{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}}}""",
            On = TakeAsync,
        };
        Tiny.OfferRaw("tools/list", $$$"""{"tools":[{"name":"slow","inputSchema":{"type":"object"},"execution":{"taskSupport":"{{{support}}}"}}]}""");
    }

    public TinyServer Tiny { get; }

    /// <summary>The status of every task.</summary>
    public string Status { get; set; } = "working";

    /// <summary>The id of the call that made the newest task, raw: the token of its progress.</summary>
    public string? Token { get; private set; }

    /// <summary>What <c>tasks/result</c> is answered at once, a member and its value; null to let it wait.</summary>
    public string? Outcome { get; set; }

    /// <summary>The server's id of the newest task.</summary>
    public string TaskId => "t" + _made;

    /// <summary>Requests <c>tasks/result</c> that wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Ends the newest task.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="outcome">What its result is: the member <c>result</c> or <c>error</c> with its value.</param>
    public async Task EndAsync(string status, string outcome)
    {
        (Status, Outcome) = (status, outcome);
        while (_waiting.TryDequeue(out var request))
        {
            await SendAsync(request, outcome);
        }
    }

    /// <summary>Asks something in the newest task.</summary>
    public Task AskAsync(string id, string message = "who?") => Tiny.Wire.SendAsync(
        $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"method":"elicitation/create","params":{"message":"{{{{{{message}}}}}}","requestedSchema":{"type":"object","properties":{}},"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"{{{{{{TaskId}}}}}}"}}}}""");

    private async Task<bool> TakeAsync(JsonElement message, TinyWire wire)
    {
        switch (message.GetProperty("method").GetString())
        {
            case "tools/call" when message.GetProperty("params").TryGetProperty("task", out _):
                Interlocked.Increment(ref _made);
                Token = message.GetProperty("params").TryGetProperty("_meta", out var meta) && meta.TryGetProperty("progressToken", out var token) ? token.GetRawText() : null;
                await wire.AnswerAsync(message, $$"""{"task":{{Task()}}}""");
                return true;
            case "tasks/get":
                await wire.AnswerAsync(message, Task());
                return true;
            case "tasks/cancel" when Status == "working":
                Status = "cancelled";
                await wire.AnswerAsync(message, Task());
                return true;
            case "tasks/cancel":
                await wire.FailAsync(message, -32602);
                return true;
            case "tasks/result" when Outcome is { } outcome:
                await SendAsync(message, outcome);
                return true;
            case "tasks/result":
                _waiting.Enqueue(message);
                return true;
            default:
                return false;
        }
    }

    private Task SendAsync(JsonElement request, string outcome) =>
        Tiny.Wire.SendAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},{{outcome}}}""");

    private string Task() => $$"""{"taskId":"{{TaskId}}","status":"{{Status}}","createdAt":"c","lastUpdatedAt":"u","ttl":60000,"pollInterval":100}""";
}
