using Microsoft.AspNetCore.Http;
using Mimir.Eras.Server;
using Mimir.Eras.Wire;

namespace Mimir.Eras.Http;

/// <summary>Streamable HTTP of the revisions with sessions.</summary>
internal sealed class SessionEndpoint(EraServer server)
{
    private const string Session = "Mcp-Session-Id";
    private const string Version = "MCP-Protocol-Version";

    /// <summary>Serves one request.</summary>
    public Task ServeAsync(HttpContext http) => http.Request.Method switch
    {
        "POST" => PostAsync(http),
        "GET" => StreamAsync(http),
        "DELETE" => DeleteAsync(http),
        _ => StreamableReply.SendAsync(http, 405, null),
    };

    private async Task PostAsync(HttpContext http)
    {
        var bytes = await StreamableReply.ReadAsync(http);
        if (StreamableReply.WrongMedia(http) is { } media)
        {
            await StreamableReply.RefuseAsync(http, 400, -32600, media);
        }
        else if (Body.Read(bytes, server.Era) is not { } body)
        {
            await StreamableReply.RefuseAsync(http, 400, -32600, "not one message, or a batch that this revision does not have");
        }
        else if (body.Messages[0] is { Method: "initialize", IsRequest: true } first && http.Request.Headers[Session].Count == 0)
        {
            var opened = new Peer(Guid.NewGuid().ToString("N"));
            if (LegacyRules.Wrong(server.Era, opened, first) is null)
            {
                opened = server.Open(opened.Id);
                http.Response.Headers[Session] = opened.Id;
            }

            await AnswerAsync(http, body, opened);
        }
        else if (await PeerAsync(http) is { } peer)
        {
            await AnswerAsync(http, body, peer);
        }
    }

    private async Task AnswerAsync(HttpContext http, Body body, Peer peer)
    {
        if (body.Requests == 0)
        {
            http.Response.StatusCode = 202;
            foreach (var message in body.Messages) await server.HandleAsync(message, peer, new StandingOutlet(peer), CancellationToken.None);
            return;
        }

        using var outlet = new EventOutlet(http);
        IOutlet target = body.Batch ? new BatchOutlet(outlet, body.Requests) : outlet;

        // A call outlives its connection here: only its reply is lost.
        foreach (var message in body.Messages) _ = server.HandleAsync(message, peer, target, CancellationToken.None);
        await outlet.FinishAsync();
    }

    private async Task StreamAsync(HttpContext http)
    {
        if (await PeerAsync(http) is not { } peer) return;
        using var outlet = new EventOutlet(http);
        await outlet.StartAsync();
        await peer.StandAsync(outlet);
        await outlet.FinishAsync();
        peer.Sit(outlet);
    }

    private async Task DeleteAsync(HttpContext http)
    {
        if (await PeerAsync(http) is not { } peer) return;
        server.Close(peer);
        http.Response.StatusCode = 204;
    }

    /// <summary>The session of a request, null when it was refused.</summary>
    private async Task<Peer?> PeerAsync(HttpContext http)
    {
        var id = http.Request.Headers[Session].ToString();
        if (id.Length == 0)
        {
            await StreamableReply.RefuseAsync(http, 400, -32000, "Bad Request: Server not initialized");
            return null;
        }

        if (server.Find(id) is not { } peer)
        {
            await StreamableReply.RefuseAsync(http, 404, -32001, "Session not found");
            return null;
        }

        // Without the header 2025-03-26 is meant, which is not what this server speaks.
        if (server.Era.From(Era.R202506) && http.Request.Headers[Version].ToString() != server.Era.Revision)
        {
            await StreamableReply.RefuseAsync(http, 400, -32000, $"Bad Request: {Version} must be {server.Era.Revision}");
            return null;
        }

        return peer;
    }
}
