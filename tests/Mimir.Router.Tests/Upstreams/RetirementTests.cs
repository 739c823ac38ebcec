using System.Text;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Tests.Upstreams;

public sealed class RetirementTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task WhenIdle_ACallOutlivesItsConnection_EndsWithinItsTimeout()
    {
        await using var server = new TinyLegacy();
        var calls = 0;
        server.OnCall = (request, reply) => Interlocked.Increment(ref calls) == 2 ? Task.Delay(-1) : reply.AnswerAsync(request, """{"content":[]}""");
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();
        await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time);
        var held = session.Call("tools/call", """{"name":"x_a"}""");
        await Patience.UntilAsync(() => Volatile.Read(ref calls) == 2);
        var from = _time.GetTimestamp();

        // Another server takes the place: the old one gets no handshake, and may finish what it began.
        server.IsModern = true;
        server.Expire();
        Assert.Contains("the modern one", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time), StringComparison.Ordinal);
        Assert.False(held.IsEnded);

        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return held.IsEnded;
        });
        Assert.Contains("-31002", await held.End.Within(), StringComparison.Ordinal);
        Assert.True(_time.GetTimestamp() - from >= house.Pool("x").Model.CallTimeout.Ticks);
        Assert.Equal(0, house.Pool("x").Health.Gate.Open);
    }

    [Fact]
    public async Task Call_ItsConnectionWasRetiredInThatMoment_GoesOverAnother()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(new(), _time, ("x", server));
        await house.Modern("tools/call", "\"name\":\"x_a\"").End.Within(_time);
        await server.ReceivedAsync("tools/call");
        var live = house.Pool("x").Modern().Live!;
        var release = new TaskCompletionSource();
        server.Holds["tools/call"] = release.Task;
        var open = house.Modern("tools/call", "\"name\":\"x_a\"");
        await server.ReceivedAsync("tools/call");
        server.Holds.Clear();
        var connections = server.Connections;
        live.Retire();

        // As who looked at it before does.
        var frame = Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"a","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } } }""");
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        var late = new TestExchange { Method = McpMethod.ToolsCall };
        var generation = late.Begin();
        late.CallerId.Set("8"u8);
        live.Call(late, generation, frame, envelope, default);

        Assert.Contains("\"heard\":\"a\"", await late.End.Within(_time), StringComparison.Ordinal);
        Assert.Equal((connections + 1, 1), (server.Connections, late.Resends));
        Assert.False(open.IsEnded);
        release.SetResult();
        Assert.Contains("\"heard\":\"a\"", await open.End.Within(), StringComparison.Ordinal);
        Assert.NotSame(live, house.Pool("x").Modern().Live);
    }
}
