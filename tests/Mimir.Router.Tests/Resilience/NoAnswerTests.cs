using System.Collections.Immutable;
using System.Text.Json;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.State.Health;
using Mimir.Router.Upstreams.Web;

namespace Mimir.Router.Tests.Resilience;

/// <summary>What comes over HTTP in place of an answer: whether it counts as a failure, and whether the call is said to have run.</summary>
public sealed class NoAnswerTests
{
    private const string Overloaded = "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32000,\"message\":\"too much to do\"}}";
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(200, "<html>nginx</html>", "text/html")]
    [InlineData(200, "", "application/json")]
    [InlineData(202, "", "application/json")]
    [InlineData(200, "{\"jsonrpc\":\"2.0\",\"id\":999999999999,\"result\":{}}", "application/json")]
    [InlineData(200, "TOO LARGE", "application/json")]
    [InlineData(500, "", "text/plain")]
    [InlineData(503, "", "text/plain")]
    public async Task Breaker_AnswersThatAreNone_Open(int status, string body, string type)
    {
        body = body == "TOO LARGE" ? new string('x', 5000) : body;
        await using var server = new TinyLegacy { OnCall = (_, reply) => reply.SendAsync(status, body, type) };
        await using var house = Behind(server.Http);
        var session = await house.OpenAsync();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(BreakerState.Closed, house.Pool("x").Health.Breaker!.State);
            Assert.Contains("\"error\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time), StringComparison.Ordinal);
        }

        Assert.Equal(BreakerState.Open, house.Pool("x").Health.Breaker!.State);
    }

    [Theory]
    [InlineData("[{}]")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":ID,\"id\":ID,\"result\":{}}")]
    public async Task Breaker_AnswersThatCannotBeRead_Open(string body)
    {
        await using var server = new TinyLegacy();
        server.OnCall = (request, reply) => reply.SendAsync(200, body.Replace("ID", request.Id, StringComparison.Ordinal));
        await using var house = Behind(server.Http);
        var session = await house.OpenAsync();

        for (var i = 0; i < 3; i++)
        {
            await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time);
        }

        Assert.Equal(BreakerState.Open, house.Pool("x").Health.Breaker!.State);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(401)]
    [InlineData(422)]
    public async Task Breaker_Refusals_StaysClosed(int status)
    {
        await using var server = new TinyLegacy { OnCall = (_, reply) => reply.SendAsync(status) };
        await using var house = Behind(server.Http);
        var session = await house.OpenAsync();

        for (var i = 0; i < 4; i++)
        {
            await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time);
        }

        Assert.Equal(0, house.Pool("x").Health.Failures);
    }

    [Theory]
    [InlineData(false, "", false)]
    [InlineData(true, "", false)]
    [InlineData(false, Overloaded, false)]
    [InlineData(false, "", true)]
    [InlineData(true, "", true)]
    [InlineData(false, Overloaded, true)]
    public async Task Status503_WithAPauseOrNot_MayHaveRunAndIsNotSentAgain(bool isSse, string body, bool hasPause)
    {
        await using var server = new Refusing(isSse, 503, hasPause ? "Retry-After: 3" : "", times: 1, body);
        await using var house = Behind(server.Http);
        var session = await house.OpenAsync();

        var error = JsonElement.Parse(await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time)).GetProperty("error");

        Assert.False(error.GetProperty("data").GetProperty("retryable").GetBoolean());
        Assert.Equal(body.Length > 0, error.GetProperty("message").GetString()!.Contains("503 Status: too much to do.", StringComparison.Ordinal));
        Assert.InRange(house.Pool("x").Health.RestMs, hasPause ? 1 : 0, hasPause ? 3000 : 0);
        Assert.Equal(1, house.Pool("x").Health.Failures);
        Assert.Equal(1, server.Http.Count("POST", "tools/call"));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, Overloaded)]
    [InlineData(false, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"too much to do\"}}")]
    [InlineData(false, "<html>slow down</html>")]
    public async Task Status429_WithAPause_IsSentAgainAfterItAndTheServerIsLeftAlone(bool isSse, string body)
    {
        await using var server = new Refusing(isSse, 429, "Retry-After: 3", times: 1, body);
        await using var house = Behind(server.Http);
        var session = await house.OpenAsync();

        var call = session.Call("tools/call", """{"name":"x_a"}""");
        await Patience.UntilAsync(() => call.Resends == 1);
        var from = _time.GetTimestamp();
        Assert.InRange(house.Pool("x").Health.RestMs, 1, 3000);
        Assert.Equal(0, house.Pool("x").Health.Failures);

        Assert.Contains("\"result\"", await call.End.Within(_time), StringComparison.Ordinal);
        Assert.True(_time.GetTimestamp() - from >= TimeSpan.FromSeconds(3).Ticks);
        Assert.Equal(2, server.Http.Count("POST", "tools/call"));
        Assert.Equal(0, house.Pool("x").Health.Failures);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task StatusNotNow_WithAResult_IsAnAnswer(int status)
    {
        await using var server = new Refusing(isSse: false, status, "Retry-After: 3", times: 1, """{"jsonrpc":"2.0","id":ID,"result":{"content":[],"heard":true}}""");
        await using var house = Behind(server.Http);
        var session = await house.OpenAsync();

        Assert.Contains("\"heard\":true", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time), StringComparison.Ordinal);
        Assert.Equal(1, server.Http.Count("POST", "tools/call"));
    }

    [Fact]
    public async Task Status429_AgainAndAgainWithAMessage_EndsWithThatShortenedAndInOneLine()
    {
        var said = "too much\\n" + new string('x', 1000);
        await using var server = new Refusing(isSse: false, 429, "Retry-After: 1", times: int.MaxValue, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32000,\"message\":\"" + said + "\"}}");
        await using var house = Behind(server.Http);
        var session = await house.OpenAsync();

        var error = JsonElement.Parse(await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time)).GetProperty("error");

        Assert.Contains("HTTP 429 Status: too much xxx", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.InRange(error.GetProperty("message").GetString()!.Length, 300, 400);
        Assert.True(error.GetProperty("data").GetProperty("retryable").GetBoolean());
        Assert.True(server.Http.Count("POST", "tools/call") > 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Status429_AgainAndAgain_IsSaidNotToHaveRun(bool isSse)
    {
        await using var server = new Refusing(isSse, 429, "Retry-After: 1", times: int.MaxValue);
        await using var house = Behind(server.Http);
        var session = await house.OpenAsync();

        var answer = await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time);

        Assert.True(JsonElement.Parse(answer).GetProperty("error").GetProperty("data").GetProperty("retryable").GetBoolean());
    }

    [Fact]
    public async Task Breaker_StatusFrom500OverSse_Opens()
    {
        await using var server = new Refusing(isSse: true, 500, "", times: 3);
        await using var house = Behind(server.Http);
        var session = await house.OpenAsync();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(BreakerState.Closed, house.Pool("x").Health.Breaker!.State);
            await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time);
        }

        Assert.Equal(BreakerState.Open, house.Pool("x").Health.Breaker!.State);
    }

    private House Behind(TinyHttp http)
    {
        var model = House.Server("x") with
        {
            Transport = new HttpModel(http.Url, ImmutableSortedDictionary<string, string>.Empty, false),
            Breaker = new BreakerModel { FailureThreshold = 3 },
            Health = new HealthModel { IsEnabled = false },
        };
        var limits = new LimitsModel { MaxMessageBytes = 4096 };
        return new House(new RouterEngine(new RouterModel { Servers = [model], Limits = limits }, _ => new HttpConnector(), _time));
    }

    /// <summary>A server that refuses its first calls with a status.</summary>
    private sealed class Refusing : IAsyncDisposable
    {
        private readonly IAsyncDisposable _server;

        public Refusing(bool isSse, int status, string header, int times, string body = "")
        {
            if (isSse)
            {
                var server = new TinySse();
                server.OnPost = (request, reply) => request.Method == "tools/call" && server.Http.Count("POST", "tools/call") <= times ? reply.SendAsync(status, header: header) : null;
                (_server, Http) = (server, server.Http);
            }
            else
            {
                var server = new TinyLegacy();
                server.OnCall = (request, reply) =>
                    server.Http.Count("POST", "tools/call") <= times ? reply.SendAsync(status, body.Replace("ID", request.Id, StringComparison.Ordinal), header: header) : reply.AnswerAsync(request, """{"content":[]}""");
                (_server, Http) = (server, server.Http);
            }
        }

        public TinyHttp Http { get; }

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
