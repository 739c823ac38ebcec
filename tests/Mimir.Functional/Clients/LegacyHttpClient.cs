namespace Mimir.Functional.Clients;

/// <summary>Streamable HTTP with a session.</summary>
internal sealed class LegacyHttpClient(string url) : HttpRawClient(url)
{
    /// <summary>The session id, null before the handshake.</summary>
    public string? Session { get; private set; }

    /// <summary>The agreed revision, null before the handshake.</summary>
    public string? Revision { get; private set; }

    /// <summary>More headers of every request.</summary>
    public (string Name, string? Value)[] MoreHeaders { get; init; } = [];

    /// <summary>The headers of anything but <c>initialize</c>.</summary>
    public (string Name, string? Value)[] SessionHeaders =>
    [
        ("Accept", "application/json, text/event-stream"),
        ("Mcp-Session-Id", Session),
        ("MCP-Protocol-Version", string.CompareOrdinal(Revision, "2025-06-18") >= 0 ? Revision : null),
        .. MoreHeaders,
    ];

    /// <summary>Opens a session.</summary>
    /// <param name="revision">The revision to ask for.</param>
    /// <param name="stream">Whether to open the GET stream as well.</param>
    public async Task<Reply> InitializeAsync(string revision = "2025-11-25", bool stream = true)
    {
        var reply = await AskAsync("initialize", Handshake.Members(revision, Capabilities));
        Revision = reply.Result.At("protocolVersion").Str();
        if (Revision is null) return reply;
        if (stream) await StreamAsync();
        await NotifyAsync("notifications/initialized");
        return reply;
    }

    /// <summary>Opens the GET stream and reads it in the background.</summary>
    /// <returns>The end of the stream.</returns>
    public async Task<Task> StreamAsync(string? lastEventId = null)
    {
        var response = await RawHttp.SendAsync("GET", Url, null, Closed, [.. SessionHeaders, ("Last-Event-ID", lastEventId)]);
        if ((int)response.StatusCode != 200) throw new InvalidOperationException($"GET: {(int)response.StatusCode}");
        var stream = await response.Content.ReadAsStreamAsync(Closed);
        return Task.Run(async () =>
        {
            try
            {
                await ReadEventsAsync(stream, 200, null, Closed);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or HttpRequestException)
            {
                // The server ended the stream roughly, or the test is over.
            }
        });
    }

    /// <summary>Ends the session.</summary>
    public Task<Reply> DeleteAsync() => RawHttp.ExchangeAsync("DELETE", Url, null, SessionHeaders);

    /// <inheritdoc/>
    protected override (string Name, string? Value)[] Headers(string frame, string? id) => SessionHeaders;

    /// <inheritdoc/>
    protected override void Replied(HttpResponseMessage response)
    {
        if (Session is null && response.Headers.TryGetValues("Mcp-Session-Id", out var values)) Session = values.First();
    }
}
