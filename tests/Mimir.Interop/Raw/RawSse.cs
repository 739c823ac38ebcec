using System.Text;

namespace Mimir.Interop.Raw;

/// <summary>A line to an HTTP+SSE server of 2024-11-05: one stream for all that comes, one address for all that goes.</summary>
public sealed class RawSse : IRawLine
{
    private readonly HttpClient _http;
    private readonly SseReader _events;
    private readonly Uri _messages;

    private RawSse(HttpClient http, SseReader events, Uri messages)
    {
        _http = http;
        _events = events;
        _messages = messages;
    }

    /// <summary>Opens the stream and learns the address.</summary>
    public static async Task<RawSse> ConnectAsync(Uri endpoint)
    {
        var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        request.Headers.Accept.ParseAdd("text/event-stream");
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var events = new SseReader(await response.Content.ReadAsStreamAsync());
        var first = await events.NextAsync(CancellationToken.None);
        Assert.Equal("endpoint", first?.Name);
        return new RawSse(http, events, new Uri(endpoint, first!.Value.Data));
    }

    /// <inheritdoc/>
    public async Task<string> ExchangeAsync(string message, int id)
    {
        await NotifyAsync(message);
        while (await _events.NextAsync(CancellationToken.None) is { } found)
        {
            if (RawMessage.Answers(found.Data, id))
            {
                return found.Data;
            }
        }

        throw new EndOfStreamException($"the stream ended before it answered {message}");
    }

    /// <inheritdoc/>
    public async Task NotifyAsync(string message)
    {
        using var content = new StringContent(message, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(_messages, content);
        Assert.Equal(202, (int)response.StatusCode);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _events.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
