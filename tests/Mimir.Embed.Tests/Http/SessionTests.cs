using System.Net;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Http;

/// <summary>Sessions of the older era.</summary>
public sealed class SessionTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    [Fact]
    public async Task Session_Id_IsLongAndItsOwn()
    {
        await using var web = Web.Open();

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 8; i++) ids.Add(await EraTests.InitializeAsync(web));

        Assert.Equal(8, ids.Count);
        Assert.All(ids, static id => Assert.True(id.Length >= 32 && id.All(char.IsAsciiHexDigit), id));
        Assert.Equal(8, web.Host.Front!.Sessions);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task Send_UnknownSession_IsNotFound(string method)
    {
        await using var web = Web.Open();

        using var unknown = await web.SendAsync(new HttpMethod(method), "/mcp", method == "POST" ? Ping : null, ("Accept", "application/json, text/event-stream"), ("Mcp-Session-Id", new string('A', 64)));

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("initialize", (await Web.JsonAsync(unknown)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_Session_EndsItAndItsStream()
    {
        await using var web = Web.Open();
        var session = await EraTests.InitializeAsync(web);
        using var stream = await web.SendAsync(HttpMethod.Get, "/mcp", null, ("Accept", "text/event-stream"), ("Mcp-Session-Id", session));
        using var events = new EventReader(await stream.Content.ReadAsStreamAsync());

        using var ended = await web.SendAsync(HttpMethod.Delete, "/mcp", null, ("Mcp-Session-Id", session));
        using var after = await web.PostAsync(Ping, ("Mcp-Session-Id", session));

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (ended.StatusCode, after.StatusCode));
        Assert.True(await events.EndsAsync());
        Assert.Equal(0, web.Host.Front!.Sessions);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Send_ModernRevision_HasNeitherStreamNorEnd(string method)
    {
        await using var web = Web.Open();

        using var response = await web.SendAsync(new HttpMethod(method), "/mcp", null, ("Accept", "text/event-stream"), ("MCP-Protocol-Version", "2026-07-28"));

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (response.StatusCode, Assert.Single(response.Content.Headers.Allow)));
    }

    [Fact]
    public async Task Post_AnswerWithoutSession_IsRefused()
    {
        await using var web = Web.Open();

        using var response = await web.PostAsync("""{"jsonrpc":"2.0","id":1,"result":{}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Initialize_Refused_OpensNoSession()
    {
        await using var web = Web.Open();

        using var response = await web.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":7}""", ("Accept", "application/json, text/event-stream"));

        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal(0, web.Host.Front!.Sessions);
    }

    [Fact]
    public async Task Session_Idle_Ends()
    {
        await using var web = Web.Open(configure: static options => options.SessionIdle = TimeSpan.FromMilliseconds(100));
        await EraTests.InitializeAsync(web);
        using var patience = new CancellationTokenSource(Web.Patience);

        while (web.Host.Front!.Sessions > 0) await Task.Delay(20, patience.Token);
    }

    [Fact]
    public async Task Session_OneTooMany_EndsTheOneIdleLongestAndNoneInUse()
    {
        await using var web = Web.Open(configure: static options => options.MaxSessions = 2);
        var used = await EraTests.InitializeAsync(web);
        using var stream = await web.SendAsync(HttpMethod.Get, "/mcp", null, ("Accept", "text/event-stream"), ("Mcp-Session-Id", used));
        var idle = await EraTests.InitializeAsync(web);

        var newest = await EraTests.InitializeAsync(web);

        using var first = await web.PostAsync(Ping, ("Mcp-Session-Id", used));
        using var second = await web.PostAsync(Ping, ("Mcp-Session-Id", idle));
        using var third = await web.PostAsync(Ping, ("Mcp-Session-Id", newest));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.OK), (first.StatusCode, second.StatusCode, third.StatusCode));
    }

    [Fact]
    public async Task Batch_InSession_IsAnsweredByTheRevisionThatHasThem()
    {
        await using var web = Web.Open();
        var old = await EraTests.InitializeAsync(web, "2025-03-26");
        var later = await EraTests.InitializeAsync(web, "2025-11-25");
        const string Both = """[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":2,"method":"tools/list"}]""";

        using var answered = await web.PostAsync(Both, ("Mcp-Session-Id", old));
        using var refused = await web.PostAsync(Both, ("Mcp-Session-Id", later));
        using var silent = await web.PostAsync("""[{"jsonrpc":"2.0","method":"notifications/initialized"}]""", ("Mcp-Session-Id", old));

        var answers = await Web.JsonAsync(answered);
        Assert.Equal([1, 2], answers.EnumerateArray().Select(static a => a.GetProperty("id").GetInt32()));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Accepted), (refused.StatusCode, silent.StatusCode));
    }

    [Fact]
    public async Task Sessions_TwoAtATime_DoNotMix()
    {
        await using var web = Web.Open(static host => host.Tools.Add("who", "Asks.", async (Embed.Tools.ToolContext context, int n) =>
            $"{n} {(await context.ConfirmAsync($"{n}") ? "yes" : "no")}"));
        await using var one = await web.ConnectAsync("2025-11-25", static o => o.Handlers = new() { ElicitationHandler = static (_, _) => ValueTask.FromResult(new ElicitResult { Action = "accept" }) });
        await using var two = await web.ConnectAsync("2025-11-25", static o => o.Handlers = new() { ElicitationHandler = static (_, _) => ValueTask.FromResult(new ElicitResult { Action = "decline" }) });

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(async i =>
            ((TextContentBlock)(await (i % 2 == 0 ? one : two).CallToolAsync("who", new Dictionary<string, object?> { ["n"] = i })).Content[0]).Text));

        Assert.Equal(Enumerable.Range(0, 30).Select(static i => i % 2 == 0 ? $"{i} yes" : $"{i} no"), answers);
        Assert.Equal(2, web.Host.Front!.Sessions);
    }
}
