using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Listeners;

/// <summary>What a web page or a neighbour could try: foreign Host and Origin on every route, other addresses, too much of everything.</summary>
public sealed class GuardTests(ListenerFixture fixture) : IClassFixture<ListenerFixture>
{
    private static readonly (string Verb, string Path)[] s_routes =
    [
        ("POST", "/mcp"), ("GET", "/mcp"), ("DELETE", "/mcp"), ("OPTIONS", "/mcp"), ("POST", "/mcp/old"), ("GET", "/sse"), ("POST", "/message?sessionId=x"), ("GET", "/"),
    ];

    private string Authority => fixture.Router.Origin!.Authority;

    [Theory(Timeout = 30_000)]
    [InlineData("evil.example")]
    [InlineData("evil.example:PORT")]
    [InlineData("127.0.0.1.evil.example:PORT")]
    [InlineData("localhost.evil.example:PORT")]
    [InlineData("evil.localhost.example:PORT")]
    [InlineData("0.0.0.0:PORT")]
    [InlineData("169.254.169.254:PORT")]
    public async Task Host_Foreign_IsRefusedOnEveryRoute(string host)
    {
        foreach (var (verb, path) in s_routes)
        {
            var reply = await AskAsync(verb, path, ("Host", Filled(host)));
            Assert.True(reply.Status is 403 or 421, $"{verb} {path}: {reply}");
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("[::1].evil.example:PORT")]
    [InlineData("127.0.0.1:PORT:PORT")]
    [InlineData("a b")]
    public async Task Host_NoHost_IsRefusedOnEveryRoute(string host)
    {
        foreach (var (verb, path) in s_routes)
        {
            var reply = await AskAsync(verb, path, ("Host", Filled(host)));
            Assert.True(reply.Status is 400 or 403, $"{verb} {path}: {reply}");
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("http://evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("http://evil.example:PORT")]
    [InlineData("http://127.0.0.1.evil.example:PORT")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://localhost:PORT.evil.example")]
    [InlineData("http://127.0.0.1@evil.example")]
    [InlineData("http://[::1].evil.example")]
    [InlineData("null")]
    [InlineData("file://")]
    [InlineData("garbage")]
    public async Task Origin_Foreign_IsRefusedOnEveryRoute(string origin)
    {
        foreach (var (verb, path) in s_routes)
        {
            var reply = await AskAsync(verb, path, ("Origin", Filled(origin)));
            Assert.True(reply.Status == 403, $"{verb} {path}: {reply}");
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("Host", "127.0.0.1:PORT")]
    [InlineData("Host", "localhost:PORT")]
    [InlineData("Host", "LOCALHOST:PORT")]
    [InlineData("Origin", "http://127.0.0.1:PORT")]
    [InlineData("Origin", "http://localhost:PORT")]
    public async Task HostAndOrigin_OwnLoopback_AreServed(string header, string value)
    {
        var reply = await AskAsync("POST", "/mcp", (header, Filled(value)));

        Assert.True(reply.Status == 200 && reply.Result.At("resultType").Str() == "complete", reply.ToString());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    [InlineData("*:0")]
    [InlineData("192.0.2.1:3999")]
    [InlineData("example.com:3999")]
    public async Task Bind_NotLoopback_RefusesToStartAndSaysWhy(string address)
    {
        var (code, words) = await Router.RunAsync(new Config(new Marker()), "serve", "--http", address);

        Assert.True(code is not null and not 0, $"exit code {code}: {words}");
        Assert.Matches("(?i)loopback|127\\.0\\.0\\.1|authentication", words);
    }

    [Fact(Timeout = 30_000)]
    public async Task Body_LargerThanTheLimit_Is413AndTheNextIsServed()
    {
        var huge = $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{Envelope.Params($"\"x\":\"{new string('x', 2 << 20)}\"")}}}";

        var reply = await RawHttp.ExchangeAsync("POST", fixture.Router.Url, huge, ModernHttpClient.Mirror(Discover));

        Assert.Equal(413, reply.Status);
        Assert.Equal(200, (await AskAsync("POST", "/mcp", ("X-Nothing", "1"))).Status);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(60, true)]
    [InlineData(70, false)]
    [InlineData(100_000, false)]
    public async Task Body_Depth_HasALimit(int depth, bool served)
    {
        var nested = new string('[', depth) + new string(']', depth);
        var body = $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{Envelope.Params($"\"name\":\"new_echo\",\"arguments\":{{\"text\":\"t\",\"x\":{nested}}}")}}}";

        var reply = await RawHttp.ExchangeAsync("POST", fixture.Router.Url, body, ModernHttpClient.Mirror(Call));

        if (served)
        {
            Verdict.Text("t", reply);
            return;
        }

        Assert.Equal(400, reply.Status);
        Assert.True(reply.Code is -32700 or -32600, reply.ToString());
    }

    [Fact(Timeout = 30_000)]
    public async Task Headers_TooMany_Are431AndTheNextIsServed()
    {
        var reply = await AskAsync("POST", "/mcp", ("X-Big", new string('x', 100_000)));

        Assert.Equal(431, reply.Status);
        Assert.Equal(200, (await AskAsync("POST", "/mcp", ("X-Nothing", "1"))).Status);
    }

    private static string Discover => $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{Envelope.Params()}}}";

    private static string Call => $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{Envelope.Params("\"name\":\"new_echo\"")}}}";

    private string Filled(string value) => value.Replace("PORT", fixture.Router.Origin!.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private Task<Reply> AskAsync(string verb, string path, (string Name, string Value) header) => RawHttp.ExchangeAsync(
        verb,
        $"http://{Authority}{path}",
        verb == "POST" ? Discover : null,
        [.. ModernHttpClient.Mirror(Discover), header]);
}
