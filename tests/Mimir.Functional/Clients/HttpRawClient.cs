using System.Collections.Concurrent;

namespace Mimir.Functional.Clients;

/// <summary>A POST for every frame, its reply read as JSON or as events: what both eras of Streamable HTTP share.</summary>
internal abstract class HttpRawClient(string url) : RawClient
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _posts = new();
    private readonly CancellationTokenSource _closed = new();

    /// <summary>The endpoint.</summary>
    public string Url { get; } = url;

    /// <summary>Events with an id that came on replies to POSTs, in order, by the id of the request.</summary>
    public ConcurrentQueue<(string? Owner, SseEvent Event)> Events { get; } = new();

    /// <summary>Fires when the client is closed.</summary>
    protected CancellationToken Closed => _closed.Token;

    /// <summary>The headers of a POST.</summary>
    protected abstract (string Name, string? Value)[] Headers(string frame, string? id);

    /// <summary>Looks at the head of a reply.</summary>
    protected virtual void Replied(HttpResponseMessage response)
    {
    }

    /// <inheritdoc/>
    public override async Task SendAsync(string frame, string? id)
    {
        if (id is not null)
        {
            _ = Task.Run(() => PostAsync(frame, id));
            return;
        }

        using var response = await RawHttp.SendAsync("POST", Url, frame, Closed, Headers(frame, id));
        if ((int)response.StatusCode != 202) Strays.Enqueue($"{(int)response.StatusCode} to {frame}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <inheritdoc/>
    public override async Task<Reply[]> BatchAsync(string body, params string[] ids)
    {
        var ends = ids.Select(Expect).ToArray();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Closed);
        limit.CancelAfter(Patience);
        using var response = await RawHttp.SendAsync("POST", Url, body, limit.Token, Headers(body, null));
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            await ReadEventsAsync(await response.Content.ReadAsStreamAsync(limit.Token), status, null, limit.Token);
        else
            Deliver(await response.Content.ReadAsByteArrayAsync(limit.Token), status);
        return await Task.WhenAll(ends).WaitAsync(limit.Token);
    }

    /// <summary>Closes the reply to a request, and with it the connection.</summary>
    public void HangUp(string id)
    {
        if (!_posts.TryGetValue(id, out var post)) return;
        try
        {
            post.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended at the same moment.
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        CompleteAll();
    }

    /// <summary>Reads events until the stream ends.</summary>
    protected async Task<bool> ReadEventsAsync(Stream stream, int status, string? owner, CancellationToken cancellationToken)
    {
        var reader = new SseReader(stream);
        var answered = false;
        while (await reader.ReadAsync(cancellationToken) is { } e)
        {
            if (e.Id is not null) Events.Enqueue((owner, e));
            if (e.Type == "message" && e.Data.Length > 0) answered |= Deliver(e.Data, status, owner);
        }

        return answered;
    }

    private async Task PostAsync(string frame, string id)
    {
        using var post = CancellationTokenSource.CreateLinkedTokenSource(Closed);
        _posts[id] = post;
        try
        {
            using var response = await RawHttp.SendAsync("POST", Url, frame, post.Token, Headers(frame, id));
            var status = (int)response.StatusCode;
            Replied(response);
            if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                if (!await ReadEventsAsync(await response.Content.ReadAsStreamAsync(post.Token), status, id, post.Token))
                    Complete(id, new Reply(status, null));
                return;
            }

            var body = await response.Content.ReadAsByteArrayAsync(post.Token);
            if (body.Length == 0 || body[0] is not ((byte)'{' or (byte)'[') || !Deliver(body, status, id))
                Complete(id, new Reply(status, body.Length == 0 ? null : System.Text.Encoding.UTF8.GetString(body)));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            Complete(id, new Reply(-1, e is OperationCanceledException ? null : e.Message));
        }
        finally
        {
            _posts.TryRemove(id, out _);
        }
    }
}
