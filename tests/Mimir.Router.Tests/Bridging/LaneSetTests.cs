using Mimir.Router.Bridging;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Tests.Bridging;

public sealed class LaneSetTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private readonly ManualTime _time = new();
    private readonly LaneSet _lanes = new();

    [Fact]
    public void TryEnter_NothingIsKnownAgainstIt_IsShared()
    {
        Assert.True(_lanes.TryEnter(shares: true, strict: false, out var first));
        Assert.True(_lanes.TryEnter(shares: true, strict: false, out var second));
        Assert.Equal((0, 0), (first, second));
    }

    [Fact]
    public async Task EnterAsync_OneThatMayAskIsIn_WaitsUntilItHasLeft()
    {
        Assert.True(_lanes.TryEnter(shares: false, strict: false, out var first));
        Assert.False(_lanes.TryEnter(shares: false, strict: false, out _));
        var next = _lanes.EnterAsync(false, Long, _time);
        Assert.False(next.IsCompleted);

        _lanes.Leave(first);

        Assert.Equal(0, await next.Within());
    }

    [Fact]
    public async Task EnterAsync_TheOneInsideTakesLongAndAsksNothing_WaitsAMomentOnly()
    {
        Assert.True(_lanes.TryEnter(shares: false, strict: false, out _));
        var next = _lanes.EnterAsync(false, Long, _time);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, await next.Within());
    }

    [Fact]
    public async Task Harden_CallsWait_EachGetsALaneOfItsOwnAndTheRestWaitsInLine()
    {
        Assert.True(_lanes.TryEnter(shares: false, strict: false, out _));
        var waiting = Enumerable.Range(0, 5).Select(_ => _lanes.EnterAsync(false, Long, _time)).ToList();

        _lanes.Harden();

        Assert.Equal([1, 2, 3], (await Task.WhenAll(waiting.Take(3)).Within()).Order());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.All(waiting.Skip(3), w => Assert.False(w.IsCompleted));
        Assert.False(_lanes.TryEnter(shares: true, strict: true, out _));
        _lanes.Leave(2);
        Assert.Equal(2, await waiting[3].Within());
        Assert.False(waiting[4].IsCompleted);
    }

    [Fact]
    public async Task EnterAsync_NoLaneInTime_IsRefusedAndLeavesNoPlaceBehind()
    {
        _lanes.Harden();
        for (var i = 0; i < 4; i++)
        {
            Assert.True(_lanes.TryEnter(shares: false, strict: true, out _));
        }

        var late = _lanes.EnterAsync(false, TimeSpan.FromSeconds(5), _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.Yield();
        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return late.IsCompleted;
        });

        Assert.Null(await late.Within());
        _lanes.Leave(0);
        Assert.True(_lanes.TryEnter(shares: false, strict: true, out var lane));
        Assert.Equal(0, lane);
    }

    [Fact]
    public async Task EnterAsync_TheOneInsideIsNotSentYet_WaitsAMomentFromThereOn()
    {
        Assert.True(_lanes.TryEnter(shares: false, strict: false, out _));
        _lanes.Opens();
        var next = _lanes.EnterAsync(false, Long, _time);
        await PassAsync(TimeSpan.FromSeconds(3));
        Assert.False(next.IsCompleted);

        _lanes.Opened(_time);

        await PassAsync(TimeSpan.FromSeconds(0.9));
        Assert.False(next.IsCompleted);
        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return next.IsCompleted;
        });
        Assert.Equal(0, await next.Within());
    }

    [Fact]
    public async Task Park_AllLanesAreBusy_TheNextInLineGetsAnotherAndTheParkedKeepTheirs()
    {
        _lanes.Harden();
        for (var i = 0; i < LaneSet.MostBusy; i++)
        {
            Assert.True(_lanes.TryEnter(shares: false, strict: true, out _));
        }

        var next = _lanes.EnterAsync(false, Long, _time);
        Assert.False(next.IsCompleted);

        _lanes.Park(1);

        Assert.Equal(LaneSet.MostBusy, await next.Within());
        Assert.False(_lanes.TryEnter(shares: true, strict: true, out _));
    }

    [Fact]
    public void TryEnter_EveryLaneIsParked_OnlyWhatAsksNothingEnters()
    {
        _lanes.Harden();
        for (var i = 0; i < BridgeLane.Most; i++)
        {
            Assert.True(_lanes.TryEnter(shares: false, strict: true, out var lane));
            Assert.Equal(i, lane);
            _lanes.Park(lane);
        }

        Assert.False(_lanes.TryEnter(shares: false, strict: true, out _));
        Assert.True(_lanes.TryEnter(shares: true, strict: true, out var joined));
        Assert.Equal(0, joined);
        _lanes.Unpark(7);
        _lanes.Leave(7);
        Assert.True(_lanes.TryEnter(shares: false, strict: true, out var free));
        Assert.Equal(7, free);
    }

    /// <summary>Lets time pass in steps, so that who waits again has a chance to begin with it.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(time / 10);
            await Task.Delay(5);
        }
    }
}
