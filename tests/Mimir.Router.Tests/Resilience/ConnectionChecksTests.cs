using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Tests.Resilience;

/// <summary>Servers with a process for each session, of which some hang. Server <c>x</c> takes the calls, <c>y</c> takes what it cannot.</summary>
public sealed class ConnectionChecksTests
{
    private static readonly HealthModel Asked = new() { Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(1) };
    private readonly ConcurrentDictionary<string, TinyWire> _wires = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TinyWire, bool> _hung = new();
    private readonly ConcurrentDictionary<TinyWire, int> _questions = new();
    private readonly ConcurrentQueue<long> _moments = new();
    private readonly TaskCompletionSource _done = new();

    [Fact]
    public async Task Silent_OneProcessOfSeveral_ItsCallsAloneGoToOthers()
    {
        await using var house = await OpenAsync();
        var (hangs, works) = (await BeginAsync(house, "hangs"), await BeginAsync(house, "works"));
        _hung[_wires["hangs"]] = true;

        await GoesOnUntilAsync(house, () => hangs.End.IsCompleted);

        Assert.Contains("\"by\":\"y\"", await hangs.End, StringComparison.Ordinal);
        Assert.Equal((false, 0), (works.End.IsCompleted, works.Resends));
        Assert.True(house.House.Pool("x").Health.IsWell);
        _done.SetResult();
        Assert.Contains("\"by\":\"x\"", await works.End.Within(house.Time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silent_OneProcessOfSeveral_ItsSessionsNextCallGoesToOthersUntilItAnswersAgain()
    {
        await using var house = await OpenAsync();
        var session = await house.House.OpenAsync();
        var call = await BeginAsync(house, "hangs", session);
        _hung[_wires["hangs"]] = true;
        await GoesOnUntilAsync(house, () => call.End.IsCompleted);
        _done.SetResult();

        Assert.Contains("\"by\":\"y\"", await Call(session, "next").End.Within(house.Time), StringComparison.Ordinal);
        Assert.Contains("\"by\":\"x\"", await Call(await house.House.OpenAsync(), "other").End.Within(house.Time), StringComparison.Ordinal);

        _hung.Clear();
        var asked = _questions[_wires["hangs"]];
        await GoesOnUntilAsync(house, () => _questions[_wires["hangs"]] > asked && house.House.Pool("x").Slots.All(static s => s.Objection is null));
        Assert.Contains("\"by\":\"x\"", await Call(session, "last").End.Within(house.Time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silent_OnlyOneThatNobodyWaitsFor_TheServerIsWell()
    {
        await using var house = await OpenAsync();
        var works = await BeginAsync(house, "works");
        foreach (var wire in Wires(house).Where(w => w != _wires["works"]))
        {
            _hung[wire] = true;
        }

        await GoesOnUntilAsync(house, () => _questions.GetValueOrDefault(_wires["works"]) >= 4);

        Assert.True(house.House.Pool("x").Health.IsWell);
        Assert.False(works.End.IsCompleted);
        _done.SetResult();
    }

    [Fact]
    public async Task Silent_AllThatThereAre_TheServerIsNotWellAndAllCallsGoToOthers()
    {
        await using var house = await OpenAsync();
        var (one, two) = (await BeginAsync(house, "one"), await BeginAsync(house, "two"));
        foreach (var wire in Wires(house))
        {
            _hung[wire] = true;
        }

        await GoesOnUntilAsync(house, () => one.End.IsCompleted && two.End.IsCompleted && !house.House.Pool("x").Health.IsWell);

        Assert.Equal(2, house.Begun["y"]);
        _done.SetResult();
    }

    [Fact]
    public async Task Busy_MoreThanAreAskedAtOneLook_EachHasItsTurn()
    {
        await using var house = await OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await BeginAsync(house, i.ToString(CultureInfo.InvariantCulture));
        }

        var all = _wires.Where(static w => w.Key != "first").Select(static w => w.Value).ToList();
        Assert.Equal(20, all.Distinct().Count());
        var before = _questions.ToDictionary(static q => q.Key, static q => q.Value);
        _moments.Clear();
        await GoesOnUntilAsync(house, () => all.All(w => _questions.GetValueOrDefault(w) >= before.GetValueOrDefault(w) + 2));

        Assert.True(_moments.GroupBy(static m => m).Max(static g => g.Count()) <= 8, "more were asked at one look than may be");
        Assert.True(all.Max(w => _questions[w] - before.GetValueOrDefault(w)) <= 3, "one was asked oftener than its turn came");
        _done.SetResult();
    }

    private async Task<ClusterHouse> OpenAsync()
    {
        var house = new ClusterHouse(
            static model => model,
            ClusterHouse.Member("x", 1) with { Sharing = Sharing.Session, Health = Asked, Resend = Resending.Idempotent, Idempotent = ["*"] },
            ClusterHouse.Member("y", 2));
        var (server, calls) = (house.Tiny["x"], house.Tiny["x"].On!);
        server.On = async (message, wire) =>
        {
            _wires.TryAdd("first", wire);
            var method = message.TryGetProperty("method", out var name) ? name.GetString() : null;
            if (method == "tools/call")
            {
                _wires[message.GetProperty("params").GetProperty("arguments").GetProperty("who").GetString()!] = wire;
                await _done.Task;
            }
            else if (method is "ping" or "server/discover")
            {
                _questions.AddOrUpdate(wire, 1, static (_, n) => n + 1);
                _moments.Enqueue(house.Time.GetUtcNow().ToUnixTimeMilliseconds());
            }

            return _hung.ContainsKey(wire) || await calls(message, wire);
        };
        await house.ReadyAsync();
        return house;
    }

    private IEnumerable<TinyWire> Wires(ClusterHouse house)
    {
        Assert.True(house.Tiny["x"].Connections <= _wires.Count, "a connection that the test does not know");
        return _wires.Values;
    }

    /// <summary>Opens a session, with a process of its own, and lets it begin a call that goes on.</summary>
    private async Task<TestExchange> BeginAsync(ClusterHouse house, string who, TestSession? session = null)
    {
        var call = Call(session ?? await house.House.OpenAsync(), who);
        await GoesOnUntilAsync(house, () => _wires.ContainsKey(who));
        return call;
    }

    private static TestExchange Call(TestSession session, string who) =>
        session.Call("tools/call", $$$"""{"name":"c_a","arguments":{"who":{{{JsonSerializer.Serialize(who)}}}} }""");

    private static Task GoesOnUntilAsync(ClusterHouse house, Func<bool> condition) => Patience.UntilAsync(() =>
    {
        house.Time.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    });
}
