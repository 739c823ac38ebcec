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

        Assert.Contains("\"heard\":\"a\"", await call.End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModernCall_ServerSilentThroughItsStartupTimeout_IsUnavailableAndAskedAgainLater()
    {
        var server = TinyServer.With("a");
        server.Holds["server/discover"] = new TaskCompletionSource().Task;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        var call = house.Modern("tools/call", "\"name\":\"a\"", "x");
        await server.ReceivedAsync("server/discover");
        _time.Advance(TimeSpan.FromSeconds(31));
        var answer = await call.End.Within();
        Assert.Equal((ErrorCodes.ServerUnavailable, true), Error(answer));
        Assert.Contains("startupTimeout", answer, StringComparison.Ordinal);

        // It is not asked again at once, and not given up for good either.
        server.Holds.Clear();
        Assert.Equal((ErrorCodes.ServerUnavailable, true), Error(await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within()));
        Assert.Equal(1, server.Connections);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("\"heard\":\"a\"", await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(), StringComparison.Ordinal);
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
    public async Task ModernCall_SilentServerIsKnownToSpeakLegacy_IsToldSo()
    {
        var server = TinyServer.With("a");
        server.Holds["server/discover"] = new TaskCompletionSource().Task;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        await (await house.OpenAsync()).Call("tools/list").End.Within();

        var call = house.Modern("tools/call", "\"name\":\"a\"", "x");
        await server.ReceivedAsync("server/discover");
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal((ErrorCodes.EraNotBridged, false), Error(await call.End.Within()));
    }

    [Fact]
    public async Task Probe_SilentServer_IsSpokenToInLegacyBesideAfterFiveSeconds()
    {
        var server = TinyServer.With("a");
        server.Holds["server/discover"] = new TaskCompletionSource().Task;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        var probe = house.Pool("x").ProbeAsync();
        await server.ReceivedAsync("server/discover");
        Assert.Equal(1, server.Connections);
        _time.Advance(TimeSpan.FromSeconds(5));

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
        _time.Advance(TimeSpan.FromSeconds(5));
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
        Assert.Equal((ErrorCodes.EraNotBridged, false), Error(await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within()));
        var session = await house.OpenAsync(Askable);
        await session.Call("tools/list").End.Within();
        var live = Assert.Single(house.Pool("x").Slots, s => s.Owner == session).Live!;

        house.Engine.Remove(session);
        await live.Gone.Task.Within();
        await Patience.UntilAsync(() => house.Pool("x").State.Status == UpstreamStatus.Idle);

        Assert.True(house.Pool("x").State.RefusesModern);
        Assert.Equal((ErrorCodes.EraNotBridged, false), Error(await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within()));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Verdict_WireBreaks_IsForgotten()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        Assert.Equal((ErrorCodes.EraNotBridged, false), Error(await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within()));
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

        Assert.Equal((ErrorCodes.EraNotBridged, false), Error(await house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within()));
        Assert.True(house.Pool("x").State.RefusesModern);
    }

    private static (int Code, bool Retryable) Error(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        Assert.True(document.RootElement.TryGetProperty("error", out var error), answer);
        return (int.Parse(error.GetProperty("code").GetRawText(), CultureInfo.InvariantCulture), error.GetProperty("data").GetProperty("retryable").GetBoolean());
    }
}
