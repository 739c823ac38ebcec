using System.Globalization;

namespace Mimir.Router.Tests.Support;

/// <summary>A legacy server behind a URL, with sessions. What it says to a GET and to a call is the test's affair.</summary>
public sealed class TinyLegacy : IAsyncDisposable
{
    private int _sessions;

    public TinyLegacy() => Http = new TinyHttp(ServeAsync);

    public TinyHttp Http { get; }

    /// <summary>Answers a GET; the number counts them from 1.</summary>
    public Func<int, TinyRequest, TinyReply, Task> OnGet { get; set; } = (_, _, reply) => reply.SendAsync(405);

    /// <summary>Answers <c>tools/call</c>.</summary>
    public Func<TinyRequest, TinyReply, Task> OnCall { get; set; } = (request, reply) => reply.AnswerAsync(request, """{"content":[]}""");

    /// <summary>Forgets the session that is open: requests that name it get 404.</summary>
    public void Expire() => Interlocked.Increment(ref _sessions);

    public ValueTask DisposeAsync() => Http.DisposeAsync();

    private Task ServeAsync(TinyRequest request, TinyReply reply)
    {
        if (request.Method == "initialize")
        {
            var session = Interlocked.Increment(ref _sessions).ToString(CultureInfo.InvariantCulture);
            return reply.AnswerAsync(
                request,
                """{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"tiny","version":"1"}}""",
                "Mcp-Session-Id: " + session);
        }

        if (request.Session != Volatile.Read(ref _sessions).ToString(CultureInfo.InvariantCulture))
        {
            return reply.SendAsync(request.Session is null ? 400 : 404);
        }

        return request.Method switch
        {
            _ when request.Http == "GET" => OnGet(Http.Count("GET"), request, reply),
            _ when request.Id.Length == 0 => reply.SendAsync(202),
            "tools/call" => OnCall(request, reply),
            "tools/list" => reply.AnswerAsync(request, $$"""{"tools":[{{TinyServer.Tool("a")}},{{TinyServer.Tool("l" + Http.Count("POST", "tools/list"))}}]}"""),
            _ => reply.SendAsync(200, $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32601,"message":"no"}}"""),
        };
    }
}
