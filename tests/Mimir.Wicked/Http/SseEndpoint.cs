using Mimir.Wicked.Server;

namespace Mimir.Wicked.Http;

/// <summary>HTTP+SSE of 2024-11-05: a GET stream that names the endpoint to POST to and carries every answer.</summary>
internal sealed class SseEndpoint(WickedServer server)
{
    /// <summary>Serves the stream until the client leaves.</summary>
    public async Task StreamAsync(HttpRequest request, HttpConnection http)
    {
        server.Journal.Http(request.Method, request.Path, 200, request.Headers);
        using var outlet = new EventOutlet(http, server.Script, jsonIfAlone: false);
        var talk = server.Open();
        try
        {
            await outlet.SendEventAsync("endpoint", "/message?sessionId=" + talk.Id);
            talk.Standing = outlet;
            await Task.Delay(Timeout.Infinite, http.Gone);
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
        finally
        {
            talk.Standing = null;
            server.Close(talk);
        }
    }

    /// <summary>Takes in one message; what answers it goes to the stream.</summary>
    public async Task PostAsync(HttpRequest request, HttpConnection http)
    {
        var id = request.Query.StartsWith("sessionId=", StringComparison.Ordinal) ? request.Query[10..] : "";
        if (server.Find(id) is not { Standing: { } outlet } talk)
        {
            await HttpHost.RefuseAsync(request, http, server, 404, "no such session");
            return;
        }

        await HttpHost.RefuseAsync(request, http, server, 202, "Accepted");
        foreach (var frame in Frame.Read(request.Body)) _ = server.HandleAsync(frame, talk, outlet, CancellationToken.None);
    }
}
