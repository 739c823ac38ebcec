using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Wicked.Wire;

namespace Mimir.Wicked.Server;

/// <summary>A pipe, an HTTP session, or one modern HTTP request: whatever shares ids, subscriptions and a way back.</summary>
internal sealed class Conversation(string id)
{
    private readonly ConcurrentDictionary<string, Exchange> _open = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _asked = new();
    private int _questions = -1;
    private int _calls;

    /// <summary>The session id.</summary>
    public string Id { get; } = id;

    /// <summary>The negotiated legacy revision; null until <c>initialize</c>.</summary>
    public string? Revision { get; set; }

    /// <summary>What the client declared at <c>initialize</c>.</summary>
    public JsonElement Capabilities { get; set; }

    /// <summary>Where frames go that belong to no request; null while there is no such way.</summary>
    public IOutlet? Standing { get; set; }

    /// <summary>URIs subscribed to.</summary>
    public ConcurrentDictionary<string, bool> Subscribed { get; } = new();

    /// <summary>What a stream that was closed early still owes, by the event id to resume from.</summary>
    public ConcurrentDictionary<string, Task<string>> Owed { get; } = new();

    /// <summary>The last ids that were answered here and are lied about.</summary>
    public ConcurrentQueue<string> Past { get; } = new();

    /// <summary>Whether the session has had its calls, by <see cref="Script.ExpireAfter"/>.</summary>
    public bool Expired { get; set; }

    /// <summary>Counts a call.</summary>
    public int CountCall() => Interlocked.Increment(ref _calls);

    /// <summary>Enters a request so that a cancellation finds it.</summary>
    public void Enter(Exchange exchange) => _open[exchange.Id] = exchange;

    /// <summary>Strikes a request.</summary>
    public void Leave(Exchange exchange) => _open.TryRemove(new KeyValuePair<string, Exchange>(exchange.Id, exchange));

    /// <summary>Cancels a request by the id as it was written.</summary>
    public void Cancel(string id)
    {
        if (_open.TryGetValue(id, out var exchange)) exchange.Cancel();
    }

    /// <summary>Sends a question to the client and waits for the answer, the whole message.</summary>
    public async Task<JsonElement> AskAsync(IOutlet outlet, string method, string? parameters, CancellationToken cancellationToken)
    {
        // Ids count from 0, as most clients' do, so that both directions of every hop use the same numbers.
        var id = Json.Digits(Interlocked.Increment(ref _questions));
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        var tail = parameters is null ? "" : $",\"params\":{parameters}";
        await outlet.SendAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":{Json.Text(method)}{tail}}}");
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes in the answer to a question.</summary>
    public void Answered(Frame frame)
    {
        if (frame.Id is { } id && _asked.TryRemove(id, out var answer)) answer.TrySetResult(frame.Root);
    }

    /// <summary>Ends every open request without a word.</summary>
    public void End()
    {
        foreach (var exchange in _open.Values) exchange.Cancel();
    }
}
