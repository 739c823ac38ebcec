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

    /// <summary>Takes notifications, and answers to its questions.</summary>
    public Action<TinyRequest>? OnMessage { get; set; }

    /// <summary>Set, another server stands in its place, which speaks the modern era alone and says to others what they leave out.</summary>
    public bool IsModern { get; set; }

    /// <summary>Forgets the session that is open: requests that name it get 404.</summary>
    public void Expire() => Interlocked.Increment(ref _sessions);

    public ValueTask DisposeAsync() => Http.DisposeAsync();

    private Task ServeAsync(TinyRequest request, TinyReply reply)
    {
        if (IsModern)
        {
            return ServeModernAsync(request, reply);
        }

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
            _ when request.Id.Length == 0 || request.Method is null => TakeAsync(request, reply),
            "tools/call" => OnCall(request, reply),
            "tools/list" => reply.AnswerAsync(request, $$"""{"tools":[{{TinyServer.Tool("a")}},{{TinyServer.Tool("l" + Http.Count("POST", "tools/list"))}}]}"""),
            _ => reply.SendAsync(200, $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32601,"message":"no"}}"""),
        };
    }

    private static Task ServeModernAsync(TinyRequest request, TinyReply reply) => request switch
    {
        { Http: "GET" } => reply.SendAsync(405),
        { Method: "initialize" } => reply.SendAsync(400, Error(request, -32022, "Unsupported protocol version", ",\"data\":{\"supported\":[\"2026-07-28\"]}")),
        { Method: { } method } when request.Headers.GetValueOrDefault("MCP-Protocol-Version") == "2026-07-28" => method switch
        {
            "server/discover" => reply.AnswerAsync(request, """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}"""),
            "tools/list" => reply.AnswerAsync(request, $$"""{"resultType":"complete","tools":[{{TinyServer.Tool("a")}}]}"""),
            "tools/call" => reply.AnswerAsync(request, """{"resultType":"complete","content":[],"from":"the modern one"}"""),
            _ => reply.SendAsync(404, Error(request, -32601, "no")),
        },
        { Id.Length: 0 } => reply.SendAsync(400),
        _ => reply.SendAsync(400, Error(request, -32602, "io.modelcontextprotocol/protocolVersion is missing from _meta")),
    };

    private static string Error(TinyRequest request, int code, string message, string data = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"jsonrpc\":\"2.0\",\"id\":{request.Id},\"error\":{{\"code\":{code},\"message\":\"{message}\"{data}}}}}");

    private Task TakeAsync(TinyRequest request, TinyReply reply)
    {
        OnMessage?.Invoke(request);
        return reply.SendAsync(202);
    }
}
