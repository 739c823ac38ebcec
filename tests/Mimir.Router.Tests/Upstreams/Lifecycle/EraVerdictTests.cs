using System.Globalization;
using System.Text.Json;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Upstreams.Lifecycle;

/// <summary>What is concluded about a server's era, from what, and for how long.</summary>
public sealed class EraVerdictTests
{
    private const string Askable = """{"sampling":{}}""";
    private readonly ManualTime _time = new();

    [Fact]
    public async Task ModernCall_ServerNeedsLongToStart_IsAnswered()
    {
        var server = TinyServer.With("a");
        var start = new TaskCompletionSource();
        server.Holds["server/discover"] = start.Task;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        var call = house.Modern("tools/call", "\"name\":\"a\"", "x");
        await server.ReceivedAsync("server/discover");
        _time.Advance(TimeSpan.FromSeconds(29));
        start.SetResult();

        Assert.Contains("\"heard\":\"a\"", await call.End.Within(_time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModernCall_ServerSilentThroughItsStartupTimeout_IsUnavailableAndAskedAgainLater()
    {
        var server = TinyServer.With("a");
        server.Holds["server/discover"] = server.Holds["initialize"] = new TaskCompletionSource().Task;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        var call = house.Modern("tools/call", "\"name\":\"a\"", "x");
        await server.ReceivedAsync("server/discover");
        _time.Advance(TimeSpan.FromSeconds(31));
        await server.ReceivedAsync("initialize");
        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(31));
            return call.End.IsCompleted;
        });
        var answer = await call.End.Within();
        Assert.Equal((ErrorCodes.ServerUnavailable, true), Error(answer));
        Assert.Contains("within 30 s (startupTimeout), started again after 10 s of silence", answer, StringComparison.Ordinal);

        // It is not given up for good.
        server.Holds.Clear();
        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.Contains("\"heard\":\"a\"", await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(_time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModernCall_ServerEndsAtTheProbe_IsAskedAgainLater()
    {
        var server = TinyServer.With("a");
        server.On = async (_, wire) =>
        {
            await wire.CloseAsync();
            return true;
        };
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        Assert.Equal((ErrorCodes.ServerUnavailable, true), Error(await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within()));

        server.On = null;
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("\"heard\":\"a\"", await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModernCall_SilentServerIsKnownToSpeakLegacy_IsAnsweredOverLegacy()
    {
        var server = TinyServer.With("a");
        server.Holds["server/discover"] = new TaskCompletionSource().Task;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        await (await house.OpenAsync()).Call("tools/list").End.Within();

        var call = house.Modern("tools/call", "\"name\":\"a\"", "x");
        await server.ReceivedAsync("server/discover");
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Contains("\"heard\":\"a\"", await call.End.Within(_time), StringComparison.Ordinal);
        Assert.Equal(Era.Legacy, house.Pool("x").EraFor(Era.Modern));
    }

    [Fact]
    public async Task Probe_SilentServer_IsSpokenToInLegacyBesideAfterTenSeconds()
    {
        var server = TinyServer.With("a");
        server.Holds["server/discover"] = new TaskCompletionSource().Task;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        var probe = house.Pool("x").ProbeAsync();
        await server.ReceivedAsync("server/discover");
        Assert.Equal(1, server.Connections);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(Era.Legacy, (await probe.Within()).Order.Era);
        Assert.True(house.Pool("x").Modern().IsOpening);
    }

    [Fact]
    public async Task Probe_ModernServerNeedsLongToStart_IsFound()
    {
        var server = new TinyServer { SpeaksLegacy = false };
        var start = new TaskCompletionSource();
        server.Holds["server/discover"] = server.Holds["initialize"] = start.Task;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        var probe = house.Pool("x").ProbeAsync();
        await server.ReceivedAsync("server/discover");
        _time.Advance(TimeSpan.FromSeconds(10));
        await server.ReceivedAsync("initialize");
        start.SetResult();

        Assert.Equal(Era.Modern, (await probe.Within()).Order.Era);
        Assert.Equal(UpstreamStatus.Ready, house.Pool("x").State.Status);
    }

    [Fact]
    public async Task Probe_FirstStartFailsAndLegacyIsRefusedAsModern_ModernIsAskedOnceMore()
    {
        var server = new TinyServer { SpeaksLegacy = false };
        var probes = 0;
        server.On = async (message, wire) =>
        {
            switch (message.GetProperty("method").GetString())
            {
                case "server/discover" when Interlocked.Increment(ref probes) == 1:
                    await wire.CloseAsync();
                    return true;
                case "initialize":
                    await wire.FailAsync(message, ErrorCodes.UnsupportedVersion);
                    return true;
                default:
                    return false;
            }
        };
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        Assert.Equal(Era.Modern, (await house.Pool("x").ProbeAsync().Within()).Order.Era);
    }

    [Fact]
    public async Task Verdict_ClientWithAConnectionOfItsOwnLeaves_IsKept()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        Assert.Contains("\"heard\":\"a\"", await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(), StringComparison.Ordinal);
        var session = await house.OpenAsync(Askable);
        await session.Call("tools/list").End.Within();
        var live = Assert.Single(house.Pool("x").Slots, s => s.Owner == session).Live!;

        house.Engine.Remove(session);
        await live.Gone.Task.Within();

        Assert.True(house.Pool("x").State.RefusesModern);
        Assert.Contains("\"heard\":\"a\"", await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(), StringComparison.Ordinal);
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task Verdict_WireBreaks_IsForgotten()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        Assert.Contains("\"heard\":\"a\"", await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(), StringComparison.Ordinal);
        await (await house.OpenAsync()).Call("tools/list").End.Within();

        await server.Wire.CloseAsync();

        await Patience.UntilAsync(() => !house.Pool("x").State.RefusesModern);
        Assert.Null(house.Pool("x").Modern().CurrentFailure);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task ModernCall_GuardRefusesInJsonRpc_SaysNothingOfTheEra(int status)
    {
        await using var http = new TinyHttp((request, reply) => reply.SendAsync(
            status, $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32000,"message":"not you"}}"""));
        await using var house = House.Behind(http, _time);

        var answer = await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within();

        Assert.Equal((ErrorCodes.ServerUnavailable, true), Error(answer));
        Assert.Contains($"HTTP {status}", answer, StringComparison.Ordinal);
        Assert.False(house.Pool("x").State.RefusesModern);
    }

    [Fact]
    public async Task ModernCall_ServerRefusesInJsonRpcAsBadRequest_SaysThatTheEraIsWrong()
    {
        await using var http = new TinyHttp((request, reply) => reply.SendAsync(
            400, $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32000,"message":"Server not initialized"}}"""));
        await using var house = House.Behind(http, _time);

        Assert.Equal((ErrorCodes.ServerUnavailable, true), Error(await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within()));
        Assert.True(house.Pool("x").State.RefusesModern);
    }

    private static (int Code, bool Retryable) Error(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        Assert.True(document.RootElement.TryGetProperty("error", out var error), answer);
        return (int.Parse(error.GetProperty("code").GetRawText(), CultureInfo.InvariantCulture), error.GetProperty("data").GetProperty("retryable").GetBoolean());
    }
}
