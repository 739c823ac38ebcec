using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Bridging;

/// <summary>A server goes on with a call that was given up, and asks something in it: that is for nobody else.</summary>
public sealed class GivenUpCallsTests
{
    private const string Asks = """{"elicitation":{}}""";
    private const string Secret = """{"jsonrpc":"2.0","id":"qA","method":"elicitation/create","params":{"message":"of a","requestedSchema":{"type":"object","properties":{}} } }""";
    private readonly ConcurrentQueue<(JsonElement Message, TinyWire Wire)> _calls = new();
    private readonly ConcurrentQueue<JsonElement> _answers = new();
    private readonly TinyServer _server;

    public GivenUpCallsTests()
    {
        _server = new TinyServer { SpeaksModern = false, OnAnswer = _answers.Enqueue }.Offer("a", "b");
        _server.On = (message, wire) =>
        {
            if (!message.GetProperty("method").ValueEquals("tools/call"))
            {
                return Task.FromResult(false);
            }

            _calls.Enqueue((message, wire));
            return Task.FromResult(true);
        };
    }

    [Fact]
    public async Task Question_OfACallThatWasGivenUp_IsRefusedAndTheNextConnectionIsClean()
    {
        await using var house = House.Of(("x", _server));
        var a = Call(house, "a");
        var first = await NextAsync();
        a.Withdraw("\"gone\""u8);
        var b = Call(house, "b");
        var second = await NextAsync();
        Assert.Same(first.Wire, second.Wire);

        await first.Wire.SendAsync(Secret);

        await RefusedAsync();
        Assert.False(b.End.IsCompleted);
        await second.Wire.AnswerAsync(second.Message, """{"content":[]}""");
        Assert.Contains("\"complete\"", await b.End.Within(), StringComparison.Ordinal);

        // From here on it is known how the server asks, and the connection is another one.
        var c = Call(house, "b");
        var third = await NextAsync();
        Assert.NotSame(first.Wire, third.Wire);
        await third.Wire.SendAsync(Secret);
        Assert.Contains("input_required", await c.End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_HeldForSeveralCalls_IsRefusedWhenOneOfThemIsGivenUp()
    {
        await using var house = House.Of(("x", _server));
        var a = Call(house, "a");
        var first = await NextAsync();
        var b = Call(house, "b");
        await NextAsync();
        await first.Wire.SendAsync(Secret);
        await Patience.UntilAsync(() => house.Engine.Bridge.Held.Count == 1);

        a.Withdraw("\"gone\""u8);

        await RefusedAsync();
        Assert.False(b.End.IsCompleted);
    }

    [Fact]
    public async Task Question_TheCallThatWasGivenUpWasAnsweredLate_IsTheOtherCalls()
    {
        await using var house = House.Of(("x", _server));
        var a = Call(house, "a");
        var first = await NextAsync();
        a.Withdraw("\"gone\""u8);
        await first.Wire.AnswerAsync(first.Message, """{"content":[]}""");
        var b = Call(house, "b");
        await NextAsync();

        await first.Wire.SendAsync(Secret);

        Assert.Contains("of a", await b.End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AfterOneThatMightAskAndWasGivenUp_GetsANewConnection()
    {
        await using var house = House.Of(("x", _server));
        var asked = Call(house, "a");
        var first = await NextAsync();
        await first.Wire.SendAsync(Secret);
        Assert.Contains("input_required", await asked.End.Within(), StringComparison.Ordinal);
        await first.Wire.AnswerAsync(first.Message, """{"content":[]}""");
        await Patience.UntilAsync(() => house.Engine.PoolOf("x")!.Slots.Any(s => s.Live is { Pending.Count: 0 }));

        var a = Call(house, "a");
        var second = await NextAsync();
        a.Withdraw("\"gone\""u8);
        var b = Call(house, "b");
        var third = await NextAsync();
        await third.Wire.AnswerAsync(third.Message, """{"content":[]}""");
        Assert.Contains("\"complete\"", await b.End.Within(), StringComparison.Ordinal);
        Assert.Same(first.Wire, second.Wire);
        Assert.NotSame(second.Wire, third.Wire);

        // What was seen to end without a question asks nothing when it is given up either.
        await Patience.UntilAsync(() => house.Engine.PoolOf("x")!.Slots.Any(s => s.Live is { Pending.Count: 0 }));
        var quiet = Call(house, "b");
        await NextAsync();
        quiet.Withdraw("\"gone\""u8);
        var again = Call(house, "a");
        var fifth = await NextAsync();
        Assert.Same(third.Wire, fifth.Wire);
        await fifth.Wire.SendAsync(Secret);
        Assert.Contains("input_required", await again.End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Return_LongAfterTheCallTimeout_GoesOn()
    {
        var time = new ManualTime();
        var asking = new AskingServer();
        var model = new RouterModel
        {
            Naming = new NamingModel { Prefix = PrefixMode.Never },
            Servers = [House.Server("x") with { CallTimeout = TimeSpan.FromSeconds(1) }],
        };
        await using var house = new House(model, new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = asking.Server }, time);
        var state = await AskedAsync(Parked(house, ""), time);

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 60; i++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(1);
            }

            var back = Parked(house, $",\"requestState\":{state},\"inputResponses\":{{\"r{round + 1}\":{{\"action\":\"accept\",\"content\":{{\"word\":\"w\"}}}}}}");
            if (round == 0)
            {
                state = await AskedAsync(back, time);
                continue;
            }

            await StepAsync(back, time);
            Assert.Contains("w w", await back.End, StringComparison.Ordinal);
        }
    }

    private static TestExchange Call(House house, string tool) =>
        house.Modern("tools/call", $"\"name\":\"x_{tool}\",\"arguments\":{{}}", capabilities: Asks, door: "http", id: "1");

    private static TestExchange Parked(House house, string more) =>
        house.Modern("tools/call", "\"name\":\"a\",\"arguments\":{}" + more, capabilities: Asks, door: "http");

    private static async Task<string> AskedAsync(TestExchange exchange, ManualTime time)
    {
        await StepAsync(exchange, time);
        var answer = JsonElement.Parse(await exchange.End);
        Assert.True(answer.TryGetProperty("result", out var result), answer.GetRawText());
        return result.GetProperty("requestState").GetRawText();
    }

    private static Task StepAsync(TestExchange exchange, ManualTime time) => Patience.UntilAsync(() =>
    {
        time.Advance(TimeSpan.FromMilliseconds(10));
        return exchange.End.IsCompleted;
    });

    private async Task<(JsonElement Message, TinyWire Wire)> NextAsync()
    {
        (JsonElement, TinyWire) next = default;
        await Patience.UntilAsync(() => _calls.TryDequeue(out next));
        return next;
    }

    private async Task RefusedAsync()
    {
        await Patience.UntilAsync(() => !_answers.IsEmpty);
        Assert.Contains("cannot be told", _answers.Single().GetRawText(), StringComparison.Ordinal);
    }
}
