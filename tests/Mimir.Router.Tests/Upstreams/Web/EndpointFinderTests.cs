using System.Collections.Immutable;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Web;

namespace Mimir.Router.Tests.Upstreams.Web;

/// <summary>Where a server stands whose URL has no path.</summary>
public sealed class EndpointFinderTests
{
    private const string Missing = """{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Bad Request: Missing session ID"}}""";

    [Theory]
    [InlineData("/", 400, Missing, "application/json")]
    [InlineData("/mcp", 400, Missing, "application/json")]
    [InlineData("/", 405, "Method Not Allowed", "text/plain")]
    [InlineData("/mcp", 405, "Method Not Allowed", "text/plain")]
    [InlineData("/mcp", 404, """{"jsonrpc":"2.0","id":"where","error":{"code":-32601,"message":"no"}}""", "application/json")]
    [InlineData("/mcp", 406, "no", "text/plain")]
    [InlineData("/mcp", 401, "no", "text/plain")]
    [InlineData("/mcp/", 400, Missing, "application/json")]
    public async Task Find_ServerAtAPath_IsThatPath(string path, int status, string body, string type)
    {
        await using var http = new TinyHttp((request, reply) => request.Path == path ? reply.SendAsync(status, body, type)
            : request.Path == "/mcp" ? reply.SendAsync(307, header: "Location: /mcp/")
            : reply.SendAsync(404, "Not Found", "text/plain"));

        Assert.Equal(new Uri(http.Url, path), await FindAsync(http));
    }

    [Theory]
    [InlineData(404, "Not Found", "text/plain")]
    [InlineData(404, """{"detail":"Not Found"}""", "application/json")]
    [InlineData(301, "Moved", "text/plain")]
    [InlineData(200, "<html>a page</html>", "text/html")]
    public async Task Find_OtherWebServerAtTheTop_GoesOn(int status, string body, string type)
    {
        await using var http = new TinyHttp((request, reply) =>
            request.Path == "/mcp" ? reply.SendAsync(400, Missing) : reply.SendAsync(status, body, type));

        Assert.Equal(new Uri(http.Url, "/mcp"), await FindAsync(http));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Find_EventStreamAlone_IsFound(bool sseOnly)
    {
        await using var http = new TinyHttp(async (request, reply) =>
        {
            if (request is { Path: "/sse", Http: "GET" })
            {
                await reply.StartEventsAsync();
                await reply.LeftAsync();
                return;
            }

            await reply.SendAsync(request.Path == "/sse" ? 405 : 404);
        });

        Assert.Equal(new Uri(http.Url, "/sse"), await FindAsync(http, sseOnly));
        Assert.Equal((sseOnly ? 1 : 4, 0), (http.Count("GET"), http.Count("POST")));
    }

    [Fact]
    public async Task Find_Nothing_LeavesTheAddress()
    {
        await using var http = new TinyHttp((_, reply) => reply.SendAsync(404));
        Assert.Equal(new Uri(http.Url, "/"), await FindAsync(http));

        http.Refuse();
        Assert.Equal(new Uri(http.Url, "/"), await FindAsync(http));
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/?key=1")]
    [InlineData("/a/b")]
    public async Task Find_AddressThatSaysWhere_AsksNobody(string address)
    {
        await using var http = new TinyHttp((_, reply) => reply.SendAsync(404));
        var model = new HttpModel(new Uri(http.Url, address), ImmutableSortedDictionary<string, string>.Empty, SseOnly: false);

        Assert.Same(model, await EndpointFinder.FindAsync(model, new MonotonicClock(TimeProvider.System), CancellationToken.None));
        Assert.Empty(http.Requests);
    }

    [Fact]
    public async Task Call_ServerBehindAnAddressWithoutPath_IsServed()
    {
        await using var server = new TinyLegacy();
        server.Http.Knows = request => request.Path == "/mcp";
        await using var house = House.Behind(server.Http, url: new Uri(server.Http.Url, "/"));
        var session = await house.OpenAsync();

        Assert.Contains("x_a", await session.Call("tools/list").End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_EventStreamBehindAnAddressWithoutPath_IsServed()
    {
        await using var server = new TinySse();
        server.Http.Knows = request => request.Path == "/sse" || request.Path.StartsWith("/mcp?", StringComparison.Ordinal);
        await using var house = House.Behind(server.Http, url: new Uri(server.Http.Url, "/"));
        var session = await house.OpenAsync();

        Assert.Contains("x_a", await session.Call("tools/list").End.Within(), StringComparison.Ordinal);
    }

    private static async Task<Uri> FindAsync(TinyHttp http, bool sseOnly = false)
    {
        var model = new HttpModel(new Uri(http.Url, "/"), ImmutableSortedDictionary<string, string>.Empty, sseOnly);
        return (await EndpointFinder.FindAsync(model, new MonotonicClock(TimeProvider.System), CancellationToken.None)).Url;
    }
}
