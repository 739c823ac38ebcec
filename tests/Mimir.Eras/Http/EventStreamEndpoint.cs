using Microsoft.AspNetCore.Http;
using Mimir.Eras.Server;

namespace Mimir.Eras.Http;

/// <summary>HTTP+SSE of 2024-11-05: everything that comes on one GET stream, what goes to the address that its first event names.</summary>
internal sealed class EventStreamEndpoint(EraServer server)
{
    /// <summary>The path of the stream.</summary>
    public const string Path = "/sse";

    private const string Messages = "/message";

    /// <summary>Serves one request.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        var path = http.Request.Path;
        if (path == Path && HttpMethods.IsGet(http.Request.Method)) await StreamAsync(http);
        else if (path == Messages && HttpMethods.IsPost(http.Request.Method)) await PostAsync(http);
        else http.Response.StatusCode = path == Path || path == Messages ? 405 : 404;
    }

    private async Task StreamAsync(HttpContext http)
    {
        using var outlet = new EventOutlet(http);
        var peer = server.Open(Guid.NewGuid().ToString("N"));
        await outlet.SendEventAsync("endpoint", $"{Messages}?sessionId={peer.Id}");
        await peer.StandAsync(outlet);
        await outlet.FinishAsync();
        server.Close(peer);
    }

    private async Task PostAsync(HttpContext http)
    {
        if (server.Find(http.Request.Query["sessionId"].ToString()) is not { } peer)
        {
            http.Response.StatusCode = 404;
            return;
        }

        if (Body.Read(await StreamableReply.ReadAsync(http), server.Era) is not { } body)
        {
            http.Response.StatusCode = 400;
            return;
        }

        http.Response.StatusCode = 202;
        foreach (var message in body.Messages) _ = server.HandleAsync(message, peer, new StandingOutlet(peer), CancellationToken.None);
    }
}
