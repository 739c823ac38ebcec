using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Mimir.Router.Tests.Support;

/// <summary>
/// A legacy server whose tools and prompts <c>a</c> and <c>b</c> ask twice before they answer with what they were told. Told nothing
/// they do not answer.
/// </summary>
public sealed class AskingServer
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _asked = new(StringComparer.Ordinal);
    private int _questions;
    private int _answers;
    private int _cancellations;
    private volatile bool _isModern;

    public AskingServer() => Server = new TinyServer
    {
        On = TakeAsync,
        OnAnswer = answer =>
        {
            Interlocked.Increment(ref _answers);
            if (_asked.TryRemove(answer.GetProperty("id").GetString()!, out var asked))
            {
                asked.SetResult(answer);
            }
        },
    }.OfferRaw("tools/list", """{"tools":[{"name":"a","inputSchema":{"type":"object"},"annotations":{"idempotentHint":true}},{"name":"b","inputSchema":{"type":"object"}}]}""")
        .OfferRaw("prompts/list", """{"prompts":[{"name":"a"},{"name":"b"}]}""");

    public TinyServer Server { get; }

    /// <summary>Answers it got, also such as nobody waited for.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Calls that were cancelled.</summary>
    public int Cancellations => Volatile.Read(ref _cancellations);

    /// <summary>Another server takes its place, one that is modern and asks nothing.</summary>
    public Task BeReplacedAsync()
    {
        _isModern = true;
        return Server.Wire.CloseAsync();
    }

    private async Task<bool> TakeAsync(JsonElement message, TinyWire wire)
    {
        var method = message.GetProperty("method").GetString();
        if (message.TryGetProperty("id", out _) && IsModern(message) != _isModern)
        {
            await wire.FailAsync(message, -32601);
            return true;
        }

        switch (method)
        {
            case not null when _isModern:
                return false;
            case "notifications/cancelled":
                Interlocked.Increment(ref _cancellations);
                return true;
            case "tools/call" or "prompts/get":
                if (await AskAsync(wire) is { } first && await AskAsync(wire) is { } second)
                {
                    await wire.AnswerAsync(message, $$"""{"content":[{"type":"text","text":"{{first}} {{second}}"}]}""");
                }

                return true;
            default:
                return false;
        }
    }

    private static bool IsModern(JsonElement message) => message.TryGetProperty("params", out var p) && p.TryGetProperty("_meta", out var meta)
        && meta.TryGetProperty("io.modelcontextprotocol/protocolVersion", out _);

    private async Task<string?> AskAsync(TinyWire wire)
    {
        var id = "q" + Interlocked.Increment(ref _questions).ToString(CultureInfo.InvariantCulture);
        var asked = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = asked;
        await wire.SendAsync($$$"""{"jsonrpc":"2.0","id":"{{{id}}}","method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}} } }""");
        var answer = await asked.Task;
        return answer.TryGetProperty("result", out var result) && result.TryGetProperty("content", out var content) ? content.GetProperty("word").GetString() : null;
    }
}
