using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Tests.Upstreams.Lifecycle;

public sealed class StartLedgerTests
{
    private readonly object _slot = new();
    private readonly ManualTime _time = new();
    private readonly StartLedger _ledger;

    public StartLedgerTests() => _ledger = new StartLedger(5, new MonotonicClock(_time));

    [Fact]
    public void Failed_FiveWithinAMinute_IsALoopAndBarsForHalfAMinute()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.False(Fail(1));
        }

        Assert.Equal(0, _ledger.BarredForMs);
        Assert.True(Fail(1));
        Assert.Equal(30_000, _ledger.BarredForMs);
        Wait(30);
        Assert.Equal(0, _ledger.BarredForMs);
    }

    [Fact]
    public void Failed_FiveInMoreThanAMinute_IsNoLoop()
    {
        for (var i = 0; i < 50; i++)
        {
            Assert.False(Fail(15));
        }
    }

    [Fact]
    public void Failed_AgainAfterTheBar_BarsForAMinuteEachTime()
    {
        Loop();
        for (var i = 0; i < 20; i++)
        {
            Wait(TimeSpan.FromMilliseconds(_ledger.BarredForMs).TotalSeconds);
            Assert.True(Fail(0));
            Assert.Equal(60_000, _ledger.BarredForMs);
        }
    }

    [Fact]
    public void Failed_InstantlyForTenMinutes_IsStartedNotMoreThan25Times()
    {
        var starts = 0;
        var pause = 0.2;
        for (var now = 0.0; now < 600;)
        {
            starts++;
            _ledger.Failed(_slot);
            var wait = _ledger.BarredForMs > 0 ? _ledger.BarredForMs / 1000.0 : pause = Math.Min(30, pause * 2);
            Wait(wait);
            now += wait;
        }

        Assert.InRange(starts, 5, 25);
    }

    [Fact]
    public void Failed_AfterItStoodForAMinute_BeginsAnew()
    {
        for (var i = 0; i < 4; i++)
        {
            Fail(1);
        }

        Assert.False(_ledger.Failed(_slot, stoodMs: 60_000));
        Assert.False(Fail(1));
    }

    [Fact]
    public void Failed_ManySlotsAtOnce_IsOneMisfortuneForEach()
    {
        var slots = Enumerable.Range(0, 50).Select(_ => new object()).ToList();

        Assert.All(slots, slot => Assert.False(_ledger.Failed(slot)));
        Assert.All(slots, slot => Assert.False(_ledger.Failed(slot)));
    }

    [Fact]
    public void Forget_WhileBarred_AllowsAStart()
    {
        Loop();

        _ledger.Forget();

        Assert.Equal(0, _ledger.BarredForMs);
        Assert.False(Fail(1));
    }

    private void Loop()
    {
        for (var i = 0; i < 5; i++)
        {
            Fail(0);
        }

        Assert.NotEqual(0, _ledger.BarredForMs);
    }

    private bool Fail(double secondsLater)
    {
        Wait(secondsLater);
        return _ledger.Failed(_slot);
    }

    private void Wait(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
