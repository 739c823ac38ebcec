using System.Text;

namespace Mimir.Functional.Clients;

/// <summary>HTTP+SSE of 2024-11-05: one GET stream for everything that comes, POSTs for what goes.</summary>
internal sealed class SseClient(string url) : RawClient
{
    private readonly CancellationTokenSource _closed = new();

    /// <summary>Where frames are POSTed to, as the server named it.</summary>
    public Uri? Endpoint { get; private set; }

    /// <summary>Opens the stream and the session.</summary>
    public async Task<Reply> InitializeAsync(string revision = "2024-11-05")
    {
        await ConnectAsync();
        var reply = await AskAsync("initialize", Handshake.Members(revision, Capabilities));
        await NotifyAsync("notifications/initialized");
        return reply;
    }

    /// <summary>Opens the stream and reads the endpoint.</summary>
    public async Task ConnectAsync()
    {
        var response = await RawHttp.SendAsync("GET", url, null, _closed.Token, ("Accept", "text/event-stream"));
        if ((int)response.StatusCode != 200) throw new InvalidOperationException($"GET {url}: {(int)response.StatusCode}");
        var reader = new SseReader(await response.Content.ReadAsStreamAsync(_closed.Token));
        var first = await reader.ReadAsync(_closed.Token).WaitAsync(Patience);
        if (first?.Type != "endpoint") throw new InvalidOperationException($"the first event is {first?.Type}");
        Endpoint = new Uri(new Uri(url), Encoding.UTF8.GetString(first.Data));
        _ = Task.Run(async () =>
        {
            try
            {
                while (await reader.ReadAsync(_closed.Token) is { } e)
                {
                    if (e.Type == "message") Deliver(e.Data);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or HttpRequestException)
            {
                // The server ended the stream roughly, or the test is over.
            }

            CompleteAll();
        });
    }

    /// <inheritdoc/>
    public override async Task SendAsync(string frame, string? id)
    {
        using var response = await RawHttp.SendAsync("POST", Endpoint!.ToString(), frame, _closed.Token);
        if ((int)response.StatusCode == 202) return;
        var body = await response.Content.ReadAsStringAsync();
        if (id is null || !Complete(id, new Reply((int)response.StatusCode, body))) Strays.Enqueue($"{(int)response.StatusCode} to {frame}: {body}");
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        CompleteAll();
    }
}
