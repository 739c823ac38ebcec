using System.Text;
using Mimir.Wicked.Server;

namespace Mimir.Wicked.Http;

/// <summary>Streamable HTTP: legacy sessions and modern stateless requests on one URL, strict about what a client must send.</summary>
internal sealed class StreamableEndpoint(WickedServer server)
{
    private const string Session = "Mcp-Session-Id";

    /// <summary>Serves one request.</summary>
    public Task ServeAsync(HttpRequest request, HttpConnection http) => request.Method switch
    {
        "POST" => PostAsync(request, http),
        "GET" when server.Script.Era != ScriptEra.Modern => StreamAsync(request, http),
        "DELETE" when server.Script.Era != ScriptEra.Modern => DeleteAsync(request, http),
        _ => HttpHost.RefuseAsync(request, http, server, 405, "Method not allowed"),
    };

    private async Task PostAsync(HttpRequest request, HttpConnection http)
    {
        var frames = Frame.Read(request.Body);
        if (Headers.Wrong(request, frames, server.Script) is { } wrong)
        {
            var id = frames.Count > 0 ? frames[0].Id ?? "null" : "null";
            var error = $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{{\"code\":{Json.Digits(wrong.Code)},\"message\":{Json.Text(wrong.Message)}}}}}";
            await HttpHost.RefuseAsync(request, http, server, 400, error, "application/json");
            return;
        }

        if (frames[0].Modern && server.Script.Era != ScriptEra.Legacy || server.Script.Era == ScriptEra.Modern)
        {
            await ExchangeAsync(request, http, frames, new Conversation("modern"), http.Gone);
            return;
        }

        if (frames[0].Method == "initialize")
        {
            var opened = server.Open();
            await ExchangeAsync(request, http, frames, opened, CancellationToken.None, (Session, opened.Id));
            return;
        }

        if (request.Header(Session) is not { } session)
        {
            var react = frames[0].Method == "server/discover" && server.Script.OnProbe != Reaction.Answer;
            if (react) await ExchangeAsync(request, http, frames, new Conversation("probe"), CancellationToken.None);
            else await HttpHost.RefuseAsync(request, http, server, 400, NotInitialized, "application/json");
            return;
        }

        if (server.Find(session) is not { } talk || (server.Script.AlwaysExpired && frames[0].Method == "tools/call"))
        {
            await HttpHost.RefuseAsync(request, http, server, 404, NoSession, "application/json");
            return;
        }

        if (talk.Revision is { } revision && Headers.Misnegotiated(request, revision))
        {
            await HttpHost.RefuseAsync(request, http, server, 400, NotInitialized, "application/json");
            return;
        }

        await ExchangeAsync(request, http, frames, talk, CancellationToken.None);
    }

    private const string NotInitialized = """{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: Server not initialized"}}""";
    private const string NoSession = """{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}""";

    private async Task ExchangeAsync(
        HttpRequest request,
        HttpConnection http,
        IReadOnlyList<Frame> frames,
        Conversation talk,
        CancellationToken gone,
        params (string Name, string Value)[] headers)
    {
        if (frames.All(f => f.Method is null || f.Id is null))
        {
            await HttpHost.RefuseAsync(request, http, server, 202, "");
            foreach (var frame in frames) await server.HandleAsync(frame, talk, talk.Standing!, gone);
            return;
        }

        server.Journal.Http(request.Method, request.Path, 200, request.Headers);
        var outlet = new EventOutlet(http, server.Script, jsonIfAlone: true, headers);
        foreach (var frame in frames) _ = server.HandleAsync(frame, talk, outlet, gone);

        // A modern request ends with its connection; a legacy one lives on, and only its reply is lost.
        await Task.WhenAny(outlet.Ended, Task.Delay(Timeout.Infinite, http.Gone));
    }

    private async Task StreamAsync(HttpRequest request, HttpConnection http)
    {
        if (request.Header(Session) is not { } session || server.Find(session) is not { } talk)
        {
            await HttpHost.RefuseAsync(request, http, server, request.Header(Session) is null ? 400 : 404, "no such session");
            return;
        }

        server.Journal.Http(request.Method, request.Path, 200, request.Headers);
        using var outlet = new EventOutlet(http, server.Script, jsonIfAlone: false);
        await outlet.StartAsync();
        if (request.Header("Last-Event-ID") is { } from)
        {
            if (talk.Owed.TryRemove(from, out var owed)) await outlet.SendAsync(await owed);
            await outlet.HangUpAsync();
            return;
        }

        talk.Standing = outlet;
        await Task.WhenAny(Task.Delay(Timeout.Infinite, http.Gone));
        if (talk.Standing == outlet) talk.Standing = null;
    }

    private async Task DeleteAsync(HttpRequest request, HttpConnection http)
    {
        var talk = request.Header(Session) is { } session ? server.Find(session) : null;
        if (talk is not null) server.Close(talk);
        await HttpHost.RefuseAsync(request, http, server, talk is null ? 404 : 200, "");
    }
}
