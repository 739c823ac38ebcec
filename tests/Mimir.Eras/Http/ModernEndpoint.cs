using Microsoft.AspNetCore.Http;
using Mimir.Eras.Server;

namespace Mimir.Eras.Http;

/// <summary>Streamable HTTP without sessions: one POST a request, its headers saying what its body says.</summary>
internal sealed class ModernEndpoint(EraServer server)
{
    /// <summary>Serves one request.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            http.Response.StatusCode = 405;
            return;
        }

        var bytes = await StreamableReply.ReadAsync(http);
        if (Body.Read(bytes, server.Era) is not { } body)
        {
            await StreamableReply.RefuseAsync(http, 400, -32600, "not one message");
            return;
        }

        var message = body.Messages[0];
        if (StreamableReply.WrongMedia(http) is { } media)
        {
            await StreamableReply.RefuseAsync(http, 400, -32600, media, message.Id ?? "null");
        }
        else if (!message.IsRequest)
        {
            server.Violated(message.Method ?? "an answer");
            await StreamableReply.RefuseAsync(http, 400, -32600, "clients have requests to send over HTTP and nothing else");
        }
        else if ((ModernRules.Wrong(server.Era, message) ?? MirrorRules.Wrong(http.Request.Headers, message)) is { } wrong)
        {
            await StreamableReply.SendAsync(http, wrong.Status, Json.Error(message.Id!, wrong.Code, wrong.Message, wrong.Data));
        }
        else
        {
            if (http.Request.Headers.ContainsKey("Mcp-Session-Id")) server.Violated("Mcp-Session-Id on " + message.Method);
            using var outlet = new EventOutlet(http);

            // Its own peer: ids of other requests are no concern of this one, and leaving is how it is cancelled.
            _ = server.HandleAsync(message, new Peer("modern"), outlet, http.RequestAborted);
            await outlet.FinishAsync();
        }
    }
}
