using System.Text.Json;

namespace Mimir.Router.Tests.Resilience;

/// <summary>Calls to a lone server behind a URL that has asked to be left alone.</summary>
public sealed class RestTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Rest_WithinTheTimeOfANewCall_IsWaitedOut(int status)
    {
        var at = new List<double>();
        await using var server = Resting(status, 60, at);
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();
        await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time);

        var calls = Enumerable.Range(0, 5).Select(_ => session.Call("tools/call", """{"name":"x_a"}""")).ToList();
        await Patience.UntilAsync(() => house.Pool("x").Health.Gate.Waiting == 5);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Single(at);

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.All(await Task.WhenAll(calls.Select(c => c.End)).Within(_time), answer => Assert.Contains("\"result\"", answer, StringComparison.Ordinal));

        Assert.Equal(6, at.Count);
        Assert.All(at.Skip(1), later => Assert.True(later - at[0] >= 60, $"{later} s"));
        Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rest_BeyondTheTimeOfANewCall_IsRefusedAtOnceAndSaysHowLongYet()
    {
        var at = new List<double>();
        await using var server = Resting(429, 900, at);
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();
        await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time);

        // 900 s were asked for, a call may take 300.
        _time.Advance(TimeSpan.FromSeconds(100));
        var error = JsonElement.Parse(await session.Call("tools/call", """{"name":"x_a"}""").End.Within()).GetProperty("error");

        Assert.Contains("left alone for another", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True(error.GetProperty("data").GetProperty("retryable").GetBoolean());
        Assert.InRange(error.GetProperty("data").GetProperty("retryAfterMs").GetInt64(), 700_000, 800_000);
        Assert.Single(at);
        Assert.Equal(0, house.Pool("x").Health.Gate.Waiting);

        _time.Advance(TimeSpan.FromSeconds(800));
        Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rest_ItsClientLeavesMeanwhile_NothingIsSentAndItsPlaceIsFree()
    {
        var at = new List<double>();
        await using var server = Resting(429, 60, at);
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();
        await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time);

        var call = session.Call("tools/call", """{"name":"x_a"}""");
        await Patience.UntilAsync(() => house.Pool("x").Health.Gate.Waiting == 1);
        Assert.True(call.Withdraw(""u8));
        await Patience.UntilAsync(() => house.Pool("x").Health.Gate.Waiting == 0);

        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time), StringComparison.Ordinal);
        Assert.Equal(2, at.Count);
    }

    /// <summary>A server that asks for a pause once, longer than a call that was refused waits for.</summary>
    private TinyLegacy Resting(int status, int seconds, List<double> at)
    {
        var server = new TinyLegacy();
        server.OnCall = (request, reply) =>
        {
            lock (at)
            {
                at.Add(TimeSpan.FromTicks(_time.GetTimestamp()).TotalSeconds);
                return at.Count == 1
                    ? reply.SendAsync(status, $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32000,"message":"rate limit"}}""", header: $"Retry-After: {seconds}")
                    : reply.AnswerAsync(request, """{"content":[]}""");
            }
        };
        return server;
    }
}
