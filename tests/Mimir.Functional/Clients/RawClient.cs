using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Mimir.Functional.Clients;

/// <summary>
/// A client that writes and reads bytes and nothing it was not told to. Ids are JSON text as it stands on the wire, so that 1, "1"
/// and 1.0 differ. Whatever nobody waits for is kept in <see cref="Strays"/>: a second answer, an answer on another's stream.
/// </summary>
internal abstract class RawClient : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Reply>> _pending = new();
    private readonly Lock _gate = new();
    private readonly List<JsonElement> _notifications = [];
    private readonly List<(Func<JsonElement, bool> Wanted, TaskCompletionSource<JsonElement> Found)> _watchers = [];
    private int _ids = 1_000_000;

    /// <summary>Longest wait for an answer, unless told otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Whether requests carry the modern <c>_meta</c>.</summary>
    public bool Modern { get; init; }

    /// <summary>The client's capabilities, JSON.</summary>
    public string Capabilities { get; init; } = "{}";

    /// <summary>The lowest level of log messages that modern requests ask for; null for none.</summary>
    public string? LogLevel { get; set; }

    /// <summary>Answers that nobody waited for.</summary>
    public ConcurrentQueue<string> Strays { get; } = new();

    /// <summary>Whether the first answer to a request that was waited for in vain is still its own, late, and only a second one a stray; false unless set.</summary>
    public bool AwaitsGivenUp { get; set; }

    /// <summary>Questions that were asked of this client.</summary>
    public ConcurrentQueue<JsonElement> Questions { get; } = new();

    /// <summary>Called with each notification, on the reading side.</summary>
    public Action<JsonElement>? OnNotification { get; set; }

    /// <summary>Answers a question: the <c>"result":...</c> or <c>"error":...</c> member; null leaves it unanswered.</summary>
    public Func<JsonElement, string?> OnQuestion { get; set; } = static _ => "\"error\":{\"code\":-32601,\"message\":\"no\"}";

    /// <summary>Params of a request of this client's era, with a progress token if there is one.</summary>
    public string Params(string members = "", string? progressToken = null)
    {
        var token = progressToken is null ? null : $"\"progressToken\":{progressToken}";
        if (Modern)
        {
            var level = LogLevel is null ? null : $"\"io.modelcontextprotocol/logLevel\":\"{LogLevel}\"";
            return Envelope.Params(members, Capabilities, token is null || level is null ? token ?? level : $"{token},{level}");
        }

        return token is null ? $"{{{members}}}" : $"{{{members}{(members.Length == 0 ? "" : ",")}\"_meta\":{{{token}}}}}";
    }

    /// <summary>Sends a request and waits for its end.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public async Task<Reply> RequestAsync(string id, string method, string? parameters = null, TimeSpan? patience = null)
    {
        var ended = Expect(id);
        try
        {
            var tail = parameters is null ? "" : ",\"params\":" + parameters;
            await SendAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\"{tail}}}", id);
            return await ended.WaitAsync(patience ?? Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no answer to {method} {parameters} with id {id}");
        }
        finally
        {
            if (!AwaitsGivenUp || ended.IsCompleted) _pending.TryRemove(id, out _);
        }
    }

    /// <summary>Sends a request under an id of the client's own choice.</summary>
    public Task<Reply> AskAsync(string method, string members = "", TimeSpan? patience = null, string? progressToken = null) =>
        RequestAsync(Interlocked.Increment(ref _ids).ToString(System.Globalization.CultureInfo.InvariantCulture), method, Params(members, progressToken), patience);

    /// <summary>Calls a tool.</summary>
    public Task<Reply> CallAsync(string tool, string arguments = "{}", TimeSpan? patience = null, string? progressToken = null) =>
        AskAsync("tools/call", $"\"name\":\"{tool}\",\"arguments\":{arguments}", patience, progressToken);

    /// <summary>The names that <c>tools/list</c> gives, all pages.</summary>
    public async Task<string[]> ToolNamesAsync()
    {
        var names = new List<string>();
        for (string? cursor = null; ;)
        {
            var reply = await AskAsync("tools/list", cursor is null ? "" : $"\"cursor\":{cursor}");
            if (reply.Result.ValueKind != JsonValueKind.Object) throw new InvalidOperationException("tools/list: " + reply);
            names.AddRange(reply.Result.At("tools").Names());
            var next = reply.Result.At("nextCursor");
            if (next.ValueKind == JsonValueKind.Undefined) return [.. names];
            cursor = next.GetRawText();
        }
    }

    /// <summary>Sends a notification.</summary>
    public Task NotifyAsync(string method, string? parameters = null) =>
        SendAsync($"{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\"{(parameters is null ? "" : ",\"params\":" + parameters)}}}", null);

    /// <summary>Cancels a request in the way of the transport.</summary>
    public virtual Task CancelAsync(string id) => NotifyAsync("notifications/cancelled", $"{{\"requestId\":{id},\"reason\":\"test\"}}");

    /// <summary>Sends bytes as one frame.</summary>
    /// <param name="frame">The text of the frame.</param>
    /// <param name="id">The id of the request that it is, null for anything else.</param>
    public abstract Task SendAsync(string frame, string? id);

    /// <summary>Sends an array of messages and waits for the answers to the requests among them.</summary>
    /// <param name="body">The array, on one line.</param>
    /// <param name="ids">The ids of the requests, as they stand there.</param>
    public virtual async Task<Reply[]> BatchAsync(string body, params string[] ids)
    {
        var ends = ids.Select(Expect).ToArray();
        await SendAsync(body, null);
        return await Task.WhenAll(ends).WaitAsync(Patience);
    }

    /// <summary>Waits for a notification, one that has come already included.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public async Task<JsonElement> NotificationAsync(Func<JsonElement, bool> wanted, TimeSpan? patience = null)
    {
        var found = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            foreach (var notification in _notifications)
            {
                if (wanted(notification)) return notification;
            }

            _watchers.Add((wanted, found));
        }

        return await found.Task.WaitAsync(patience ?? Patience);
    }

    /// <summary>Waits for a notification of a method.</summary>
    public Task<JsonElement> NotificationAsync(string method, TimeSpan? patience = null) =>
        NotificationAsync(n => n.At("method").Str() == method, patience);

    /// <summary>The notifications of a method so far; null for all.</summary>
    public JsonElement[] Notifications(string? method = null)
    {
        lock (_gate) return [.. _notifications.Where(n => method is null || n.At("method").Str() == method)];
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Takes in a frame.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="status">The HTTP status it came with.</param>
    /// <param name="owner">The id that alone may be answered where it came, null for any.</param>
    /// <returns>Whether it was the answer to <paramref name="owner"/>.</returns>
    protected bool Deliver(ReadOnlySpan<byte> bytes, int status = 0, string? owner = null)
    {
        var text = Encoding.UTF8.GetString(bytes);
        JsonElement root;
        try
        {
            root = JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            Strays.Enqueue("not JSON: " + text);
            return false;
        }

        if (root.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in root.EnumerateArray()) Deliver(Encoding.UTF8.GetBytes(element.GetRawText()), status);
            return false;
        }

        var id = root.At("id");
        if (root.At("method").Str() is { } method)
        {
            if (id.ValueKind != JsonValueKind.Undefined) Questioned(root, id.GetRawText());
            else Notified(root);
            return false;
        }

        var raw = id.ValueKind == JsonValueKind.Undefined ? "" : id.GetRawText();
        if ((owner is not null && raw != owner) || !Complete(raw, new Reply(status, text))) Strays.Enqueue(text);
        return raw == owner;
    }

    /// <summary>Enters a request that is about to be sent.</summary>
    /// <returns>Its end.</returns>
    protected Task<Reply> Expect(string id)
    {
        var ended = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _pending.TryAdd(id, ended) ? ended.Task : throw new InvalidOperationException($"id {id} is in flight already");
    }

    /// <summary>Ends a request.</summary>
    /// <returns>Whether it was open.</returns>
    protected bool Complete(string id, Reply reply) => _pending.TryGetValue(id, out var ended) && ended.TrySetResult(reply);

    /// <summary>Ends every request that is open, without an answer.</summary>
    protected void CompleteAll()
    {
        foreach (var ended in _pending.Values) ended.TrySetResult(new Reply(0, null));
    }

    private void Notified(JsonElement root)
    {
        OnNotification?.Invoke(root);
        lock (_gate)
        {
            _notifications.Add(root);
            for (var i = _watchers.Count - 1; i >= 0; i--)
            {
                if (!_watchers[i].Wanted(root)) continue;
                _watchers[i].Found.TrySetResult(root);
                _watchers.RemoveAt(i);
            }
        }
    }

    private void Questioned(JsonElement root, string id)
    {
        Questions.Enqueue(root);
        if (OnQuestion(root) is { } answer) _ = SendAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{id},{answer}}}", null);
    }
}
