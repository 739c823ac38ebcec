using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Listeners;

/// <summary>HTTP+SSE of 2024-11-05 on <c>/sse</c> and <c>/message</c>.</summary>
public sealed class SseListenerTests(ListenerFixture fixture) : IClassFixture<ListenerFixture>
{
    private const string Ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

    private Router Router => fixture.Router;

    [Fact(Timeout = 30_000)]
    public async Task Connect_Plain_EndpointIsOnThisOriginAndEverythingWorks()
    {
        var client = await Router.SseClientAsync();

        Assert.Equal(Router.Origin!.Authority, client.Endpoint!.Authority);
        Assert.Equal("/message", client.Endpoint.AbsolutePath);
        Assert.Contains("old_ledger", await client.ToolNamesAsync());
        Verdict.Ledger("old", "sse", await client.CallAsync("old_ledger", "{\"nonce\":\"sse\",\"progress\":2}", progressToken: "\"p\""));
        Assert.Equal(2, client.Notifications("notifications/progress").Length);
        Verdict.NoStrays(client);
    }

    [Fact(Timeout = 30_000)]
    public async Task Connect_Twice_NothingCrosses()
    {
        var first = await Router.SseClientAsync();
        var second = await Router.SseClientAsync();

        var replies = await Task.WhenAll(
            first.RequestAsync("0", "tools/call", "{\"name\":\"old_ledger\",\"arguments\":{\"nonce\":\"first\",\"delayMs\":100}}"),
            second.RequestAsync("0", "tools/call", "{\"name\":\"old_ledger\",\"arguments\":{\"nonce\":\"second\",\"delayMs\":50}}"));

        Assert.NotEqual(first.Endpoint, second.Endpoint);
        Verdict.Ledger("old", "first", replies[0]);
        Verdict.Ledger("old", "second", replies[1]);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("/message")]
    [InlineData("/message?sessionId=")]
    [InlineData("/message?sessionId=0123456789abcdef0123456789abcdef")]
    public async Task Post_UnknownSession_IsRefused(string target)
    {
        var reply = await RawHttp.ExchangeAsync("POST", new Uri(Router.Origin!, target).ToString(), Ping);

        Assert.InRange(reply.Status, 400, 404);
    }

    [Fact(Timeout = 30_000)]
    public async Task Post_AfterTheStreamClosed_IsRefused()
    {
        var client = await Router.SseClientAsync();
        var endpoint = client.Endpoint!.ToString();
        await client.DisposeAsync();

        var status = 0;
        for (var i = 0; i < 100 && status is not 404; i++)
        {
            status = (await RawHttp.ExchangeAsync("POST", endpoint, Ping)).Status;
            await Task.Delay(20);
        }

        Assert.Equal(404, status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Post_ClientDoesNotRead_IsRefusedInsteadOfPilingUpItsAnswers()
    {
        await using var router = await Mimir.Functional.Harness.Router.HttpAsync(
            new Config(new Marker()).Stdio("big", "\"filler\":1000").Limits("\"maxQueuedBytes\":65536"));
        Assert.Equal(1003, (await (await router.LegacyClientAsync("2024-11-05", stream: false)).ToolNamesAsync()).Length);
        using var stream = await RawHttp.SendAsync("GET", new Uri(router.Origin!, "/sse").ToString(), null, default, ("Accept", "text/event-stream"));
        var reader = new SseReader(await stream.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var endpoint = new Uri(router.Origin!, System.Text.Encoding.UTF8.GetString((await reader.ReadAsync(default))!.Data)).ToString();
        await RawHttp.ExchangeAsync("POST", endpoint, $"{{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{{{Handshake.Members("2024-11-05", "{}")}}}}}");

        var statuses = new List<int>();
        while (statuses.Count < 5000 && !statuses.Contains(429))
            statuses.Add((await RawHttp.ExchangeAsync("POST", endpoint, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")).Status);

        Assert.Equal(429, statuses[^1]);
        Assert.All(statuses[..^1], s => Assert.Equal(202, s));
        Assert.Equal(202, (await RawHttp.ExchangeAsync("POST", endpoint, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")).Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task Session_OfTheOtherTransport_IsUnknown()
    {
        var sse = await Router.SseClientAsync();
        var legacy = await Router.LegacyClientAsync(stream: false);
        var stolen = new UriBuilder(sse.Endpoint!) { Query = "sessionId=" + legacy.Session }.Uri.ToString();

        Assert.InRange((await RawHttp.ExchangeAsync("POST", stolen, Ping)).Status, 400, 404);
        var id = System.Web.HttpUtility.ParseQueryString(sse.Endpoint!.Query)["sessionId"];
        Assert.Equal(404, (await RawHttp.ExchangeAsync("POST", Router.Url, Ping, ("Accept", "application/json, text/event-stream"), ("Mcp-Session-Id", id))).Status);
    }
}
