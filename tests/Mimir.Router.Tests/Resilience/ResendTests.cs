using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.State;
using Mimir.Router.State.Health;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Resilience;

/// <summary>Calls that are sent again, and those that must not go elsewhere.</summary>
public sealed class ResendTests
{
    private readonly ManualTime _time = new();

    private static BreakerModel Off => new() { IsEnabled = false };

    private static HealthModel Never => new() { IsEnabled = false };

    [Fact]
    public async Task RequestState_TheServerThatAskedIsGone_GoesToNobodyElse()
    {
        await using var house = new ClusterHouse(
            static m => m,
            House.Server("x") with { Routes = [new RouteRule("*", RouteStrategy.Fallback, ["y"])], Breaker = new BreakerModel { FailureThreshold = 1 }, Health = Never },
            House.Server("y") with { Breaker = Off, Health = Never });
        await house.ReadyAsync();
        house.Does["x"] = static async (message, wire) =>
        {
            await wire.AnswerAsync(message, """{"resultType":"input_required","inputRequests":{},"requestState":"secret-of-x"}""");
            return true;
        };
        string? seen = null;
        house.Does["y"] = (message, _) =>
        {
            seen = message.GetProperty("params").GetRawText();
            return Task.FromResult(false);
        };
        Assert.Contains("secret-of-x", await house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}").End.Within(house.Time), StringComparison.Ordinal);
        house.House.Pool("x").Health.Fail("gone");
        var answer = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{},\"requestState\":\"secret-of-x\",\"inputResponses\":{\"r1\":{\"action\":\"accept\",\"content\":{\"password\":\"hunter2\"}}}").End;
        Assert.Contains("circuitBreaker", await answer.Within(house.Time), StringComparison.Ordinal);
        Assert.Null(seen);
    }

    [Fact]
    public async Task CallTimeout_ACallThatIsSentAgain_EndsWithinIt()
    {
        var server = House.Server("x") with
        {
            CallTimeout = TimeSpan.FromSeconds(10),
            AttemptTimeout = TimeSpan.FromSeconds(9),
            Resend = Resending.Idempotent,
            Idempotent = ["*"],
            Breaker = Off,
            Health = Never,
        };
        await using var house = new ClusterHouse(static m => m, server);
        await house.ReadyAsync();
        house.Does["x"] = static (_, _) => Task.FromResult(true);
        var from = house.Time.GetTimestamp();
        var call = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}").End;
        var answer = await call.Within(house.Time);
        var took = TimeSpan.FromTicks(house.Time.GetTimestamp() - from);
        Assert.True(took < TimeSpan.FromSeconds(10.5), $"callTimeout 10 s, ended after {took.TotalSeconds} s: {answer}");
    }

    [Fact]
    public async Task CallTimeout_ACallThatStoodInLine_EndsWithinIt()
    {
        var server = House.Server("x") with { CallTimeout = TimeSpan.FromSeconds(10), MaxConcurrent = 1, Breaker = Off, Health = Never };
        await using var house = new ClusterHouse(static m => m, server);
        await house.ReadyAsync();
        house.Does["x"] = static (_, _) => Task.FromResult(true);
        var first = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}").End;
        await Patience.UntilAsync(() => house.Begun.GetValueOrDefault("x") == 1);
        house.Time.Advance(TimeSpan.FromMilliseconds(500));
        var from = house.Time.GetTimestamp();
        var call = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}").End;
        await first.Within(house.Time);
        var answer = await call.Within(house.Time);
        var took = TimeSpan.FromTicks(house.Time.GetTimestamp() - from);
        Assert.True(took < TimeSpan.FromSeconds(10.5), $"callTimeout 10 s, ended after {took.TotalSeconds} s: {answer}");
    }

    [Fact]
    public async Task RetryAfter_LongerThanTheLongestPause_IsNotOverrun()
    {
        await using var server = new TinyLegacy();
        var at = new List<double>();
        server.OnCall = (_, reply) =>
        {
            lock (at) at.Add(TimeSpan.FromTicks(_time.GetTimestamp()).TotalSeconds);
            return reply.SendAsync(429, header: "Retry-After: 60");
        };
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within(_time);
        var call = session.Call("tools/call", """{"name":"x_a"}""").End;
        Assert.Contains("\"retryAfterMs\":60000", await call.Within(_time), StringComparison.Ordinal);
        Assert.Single(at);
    }

    [Fact]
    public async Task Retry_AfterA429_MirrorsParametersAgain()
    {
        var seen = new List<string>();
        await using var http = new TinyHttp((request, reply) =>
        {
            switch (request.Method)
            {
                case "server/discover":
                    return reply.AnswerAsync(request, """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}""");
                case "tools/list":
                    return reply.AnswerAsync(request, """{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{"name":"a","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}}]}""");
                case "tools/call":
                    lock (seen) seen.Add(string.Join(",", request.Headers.Where(h => h.Key.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase)).Select(h => h.Key + "=" + h.Value)));
                    return seen.Count == 1 ? reply.SendAsync(429, header: "Retry-After: 1") : reply.AnswerAsync(request, """{"resultType":"complete","content":[]}""");
                default:
                    return reply.SendAsync(404);
            }
        });
        await using var house = House.Behind(http, _time);
        await UntilAsync(house.ModernListsAsync());
        await house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{\"region\":\"eu\"}").End.Within(_time);
        Assert.True(seen.All(h => h.Contains("Region", StringComparison.OrdinalIgnoreCase)), string.Join(" | ", seen));
    }

    /// <summary>However many calls a connection gives back that has just broken, none of them was a load to anybody.</summary>
    [Fact]
    public async Task Budget_IsUsedUp_WhatABrokenConnectionGivesBackIsSentAgainAllTheSame()
    {
        var server = TinyServer.With("a");
        await using var house = new House(new RouterModel { Servers = [House.Server("x")] }, new Dictionary<string, TinyServer> { ["x"] = server }, _time);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within(_time);
        UseUp(house);

        server.DeafAfter = "tools/call";
        session.Call("tools/call", """{"name":"x_a"}""");
        await Patience.UntilAsync(() => server.DeafAfter is null);
        TestExchange[] unheard = [.. Enumerable.Range(0, 20).Select(_ => session.Call("tools/call", """{"name":"x_a"}"""))];

        foreach (var call in unheard) Assert.Contains("\"heard\":\"a\"", await call.End.Within(_time), StringComparison.Ordinal);
    }

    /// <summary>Else who refuses connections, because it is overrun, would be asked for each call twice.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Budget_AUrlRefusesConnections_NoMoreIsSentAgainThanItHas(bool crosses)
    {
        var (held, isBack) = (0, false);
        await using var server = new TinyLegacy();
        server.OnCall = (request, reply) =>
        {
            Interlocked.Increment(ref held);
            return Volatile.Read(ref isBack) ? reply.AnswerAsync(request, """{"content":[]}""") : Task.Delay(Timeout.Infinite);
        };
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within(_time);
        await house.Modern("tools/list").End.Within(_time);
        TestExchange Call() => crosses ? house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}") : session.Call("tools/call", """{"name":"x_a"}""");
        Call();
        await Patience.UntilAsync(() => Volatile.Read(ref held) == 1);
        UseUp(house);

        // The sockets that idle in the pool take what comes until none is left.
        server.Http.Refuse();
        TestExchange last;
        var sent = 1;
        do
        {
            last = Call();
            sent++;
            await Patience.UntilAsync(() => Volatile.Read(ref held) == sent || last.Resends > 0);
        }
        while (last.Resends == 0);

        // Ten a second.
        _time.Advance(TimeSpan.FromMilliseconds(300));
        TestExchange[] refused = [.. Enumerable.Range(0, 10).Select(_ => Call())];
        await Patience.UntilAsync(() => refused.All(c => c.Resends > 0) && refused.Count(c => c.IsEnded) >= 7);

        TestExchange[] ended = [.. refused.Where(c => c.IsEnded)];
        Assert.Equal(7, ended.Length);
        foreach (var call in ended) Assert.Contains("\"retryable\":true", await call.End.Within(), StringComparison.Ordinal);
        Volatile.Write(ref isBack, true);
        server.Http.Return();
        foreach (var call in refused.Except(ended)) Assert.Contains("\"result\"", await call.End.Within(_time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_APostOfTheFormerTransportIsRefused_NoMoreIsSentAgainThanItHas()
    {
        await using var server = new TinySse();
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within(_time);
        UseUp(house);

        server.Http.Refuse();
        var call = session.Call("tools/call", """{"name":"x_a"}""");

        Assert.Contains("\"retryable\":true", await call.End.Within(), StringComparison.Ordinal);
        Assert.Equal(1, call.Resends);
    }

    private static void UseUp(House house)
    {
        while (house.Pool("x").Health.Budget.TryTake())
        {
            // Until nothing is left of it.
        }
    }

    private Task UntilAsync(Task task) => Patience.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return task.IsCompleted;
    });
}
