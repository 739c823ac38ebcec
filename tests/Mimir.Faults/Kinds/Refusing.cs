using System.Collections.Concurrent;
using Mimir.Faults.Matrix;
using Mimir.Faults.Network;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>X07: what stands before a server, or what took its place, answers in ways that are no MCP; and addresses at which nobody is.</summary>
internal sealed class Refusing() : Fault("X07", "refused, no such name, TLS alert, HTTP statuses, pages, wrong types, empty and broken replies", 500)
{
    private const string Page = "<html><body>nginx</body></html>";
    private static readonly string[] s_elsewhere = ["unnamed", "untrusted", "closed"];

    /// <summary>
    /// Refusals that say the request was not looked at, so that it may be sent again: for want of time, or of a session, which a handshake
    /// shows first. A 503 does not say it, for a proxy also gives it for a server that it lost at work.
    /// </summary>
    private static readonly string[] s_unheard = ["400", "404", "405", "429"];

    private static readonly Canned[] s_replies =
    [
        .. from status in (string[])[
               "301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect", "400 Bad Request", "401 Unauthorized", "403 Forbidden",
               "404 Not Found", "405 Method Not Allowed", "406 Not Acceptable", "408 Request Timeout", "409 Conflict", "410 Gone", "413 Content Too Large",
               "415 Unsupported Media Type", "421 Misdirected Request", "422 Unprocessable", "429 Too Many Requests", "431 Too Large", "500 Internal Server Error",
               "501 Not Implemented", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout", "511 Network Authentication Required", "599 Whatever",
           ]
           select Canned.Reply(status, "text/html", Page, status[0] == '3' ? "Location: http://127.0.0.1:9/\r\n" : status[..3] is "429" or "503" ? "Retry-After: 1\r\n" : status[..3] == "401" ? "WWW-Authenticate: Bearer\r\n" : ""),
        Canned.Reply("200 OK", "text/html", Page),
        Canned.Reply("200 OK", "text/plain", "hello"),
        Canned.Reply("200 OK", "application/json", ""),
        Canned.Reply("200 OK", "application/json", "{"),
        Canned.Reply("200 OK", "application/json", "[]"),
        Canned.Reply("200 OK", "application/json", """{"jsonrpc":"2.0","id":"stranger","result":{"content":[]}}"""),
        Canned.Reply("200 OK", null, "{}"),
        Canned.Reply("200 OK", "text/event-stream", ""),
        Canned.Reply("200 OK", "text/event-stream", "data: {\n\n"),
        Canned.Reply("204 No Content", null, ""),
        Canned.Reply("202 Accepted", null, ""),
        Canned.Raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
        Canned.Raw("HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n{}", CutKind.Limit),
        Canned.Raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", CutKind.Limit),
        Canned.Raw("SSH-2.0-OpenSSH_9.9\r\n", CutKind.Limit),
        Canned.Raw("\u0015\u0003\u0003\u0000\u0002\u0002\u0028", CutKind.Limit),
        Canned.Raw("", CutKind.Limit),
        Canned.Raw("", CutKind.Reset),
    ];

    private readonly ConcurrentDictionary<string, int> _heard = new();
    private Link? _plain;

    /// <inheritdoc/>
    public override int Least => 64;

    /// <inheritdoc/>
    public override bool NeedsNetwork => true;

    /// <inheritdoc/>
    public override TimeSpan Startup => TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public override TimeSpan Call => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override TimeSpan ListGrace => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override bool MayBeTheirs => true;

    /// <inheritdoc/>
    public override string? Excuse(Transport transport, Phase phase) => transport.IsPipe() ? "a child is not reached over HTTP" : null;

    /// <inheritdoc/>
    public override void Configure(Config config, Transport transport, Account account, TempFolder folder)
    {
        const string keys = "\"startupTimeout\":\"2s\"";
        _plain = new Link(1) { Answer = _ => Canned.Raw("no TLS here", CutKind.Limit) };
        var closed = new Link(1);
        var port = closed.Port;
        closed.DownAsync().GetAwaiter().GetResult();
        config.Http("unnamed", new Uri("http://no-such-host.invalid/mcp"), keys);
        config.Http("untrusted", new Uri($"https://127.0.0.1:{_plain.Port}/mcp"), keys);
        config.Http("closed", new Uri($"http://127.0.0.1:{port}/mcp"), keys);
    }

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        var reply = scene.Account.Pick(s_replies);
        var wanted = scene.Phase switch
        {
            Phase.Handshake => null,
            Phase.Listing => "tools/list",
            _ => "tools/call",
        };
        var status = System.Text.Encoding.ASCII.GetString(reply.Bytes.AsSpan(0, Math.Min(12, reply.Bytes.Length)));
        var countsOnce = !s_unheard.Any(s => status.EndsWith(s, StringComparison.Ordinal));
        scene.Bed.Link.Answer = request =>
        {
            if (wanted is not null && request.Method != wanted) return null;
            if (countsOnce && request.Message.At("params", "arguments", "nonce").Str() is { } nonce && _heard.AddOrUpdate(nonce, 1, (_, n) => n + 1) > 1)
                scene.Account.Fault(Wrong.Duplicate, $"sent again though it was answered with '{status}': {nonce}");
            return reply;
        };

        // What was open passes; what comes now is refused.
        if (scene.Phase is Phase.InFlight or Phase.Streaming) await Task.WhenAll(scene.Open(() => scene.Order(), 2));
    }

    /// <inheritdoc/>
    public override Task MendAsync(Scene scene)
    {
        scene.Bed.Link.Answer = null;
        return base.MendAsync(scene);
    }

    /// <inheritdoc/>
    public override async Task RunAsync(Scene scene)
    {
        if (scene.Phase == Phase.Handshake)
        {
            await Task.WhenAll(s_elsewhere.SelectMany(s => scene.Bed.Actors.Select(a => a.CallAsync(new Order(s, scene.Deadline) { MayBeTheirs = true }))));
        }

        await Drill.RunAsync(scene);
        if (scene.Phase == Phase.ShuttingDown && _plain is not null) await _plain.DisposeAsync();
    }
}
