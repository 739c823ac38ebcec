using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Eras.Wire;

namespace Mimir.Eras.Server;

/// <summary>A pipe, a session, or one modern HTTP request: whatever shares ids, subscriptions and a way back.</summary>
internal sealed class Peer(string id)
{
    private readonly ConcurrentDictionary<string, Call> _open = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly SemaphoreSlim _telling = new(1);
    private readonly Queue<string> _untold = new();
    private int _questions = -1;

    /// <summary>The session id.</summary>
    public string Id { get; } = id;

    /// <summary>Whether there was an <c>initialize</c>.</summary>
    public bool Initialized { get; set; }

    /// <summary>What the client declared at <c>initialize</c>.</summary>
    public JsonElement Capabilities { get; set; }

    /// <summary>The lowest level of log messages that the client wants; null until it said so.</summary>
    public string? LogLevel { get; set; }

    /// <summary>Where frames go that belong to no request; null while there is no such way.</summary>
    public IOutlet? Standing { get; private set; }

    /// <summary>URIs subscribed to.</summary>
    public ConcurrentDictionary<string, bool> Subscribed { get; } = new();

    /// <summary>Opens the way for frames that belong to no request; those that waited for it go at once.</summary>
    public async Task StandAsync(IOutlet outlet)
    {
        await _telling.WaitAsync();
        Standing = outlet;
        while (_untold.TryDequeue(out var frame)) await outlet.SendAsync(frame);
        _telling.Release();
    }

    /// <summary>Closes the way, if it is still this one.</summary>
    public void Sit(IOutlet outlet)
    {
        if (Standing == outlet) Standing = null;
    }

    /// <summary>Sends a frame that belongs to no request; it waits if there is no way for it yet.</summary>
    public async Task TellAsync(string frame)
    {
        await _telling.WaitAsync();
        if (Standing is { } outlet) await outlet.SendAsync(frame);
        else _untold.Enqueue(frame);
        _telling.Release();
    }

    /// <summary>Enters a request so that a cancellation finds it.</summary>
    /// <returns>Whether its id was free.</returns>
    public bool Enter(Call call) => _open.TryAdd(call.Id, call);

    /// <summary>Strikes a request.</summary>
    public void Leave(Call call) => _open.TryRemove(new KeyValuePair<string, Call>(call.Id, call));

    /// <summary>Cancels a request by the id as it was written.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Cancel(string id)
    {
        if (!_open.TryGetValue(id, out var call)) return false;
        call.Cancel();
        return true;
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
    /// <returns>Whether it was asked.</returns>
    public bool Answered(Message message)
    {
        if (message.Id is not { } id || !_asked.TryRemove(id, out var answer)) return false;
        answer.TrySetResult(message.Root);
        return true;
    }

    /// <summary>Ends every open request without a word.</summary>
    public void End()
    {
        foreach (var call in _open.Values) call.Cancel();
    }
}
