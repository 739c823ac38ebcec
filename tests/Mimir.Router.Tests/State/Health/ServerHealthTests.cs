using Mimir.Router.Model.Routing;
using Mimir.Router.State;
using Mimir.Router.State.Health;

namespace Mimir.Router.Tests.State.Health;

public sealed class ServerHealthTests
{
    private readonly ManualTime _time = new();

    private MonotonicClock Clock => new(_time);

    [Fact]
    public void OutlierWatch_HalfOfEnoughCallsFail_IsSetAsideLongerEachTime()
    {
        var watch = new OutlierWatch(Clock);
        Calls(watch, good: 5, bad: 5);

        Assert.Equal(OutlierWatch.FirstMs, watch.AsideForMs);
        _time.Advance(TimeSpan.FromMilliseconds(OutlierWatch.FirstMs));
        Assert.Equal(0, watch.AsideForMs);
        Calls(watch, good: 0, bad: 5);
        Assert.Equal(2 * OutlierWatch.FirstMs, watch.AsideForMs);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(100, 20)]
    public void OutlierWatch_TooFewFailures_IsNotSetAside(int good, int bad)
    {
        var watch = new OutlierWatch(Clock);
        Calls(watch, good, bad);

        Assert.Equal(0, watch.AsideForMs);
    }

    [Fact]
    public void OutlierWatch_FailuresLongAgo_CountNoMore()
    {
        var watch = new OutlierWatch(Clock);
        Calls(watch, good: 0, bad: 4);
        _time.Advance(TimeSpan.FromSeconds(20));
        Calls(watch, good: 0, bad: 4);

        Assert.Equal(0, watch.AsideForMs);
    }

    [Fact]
    public void RetryBudget_NothingIsAnswered_GivesWhatThereIsAndTenASecond()
    {
        var budget = new RetryBudget(Clock);

        Assert.Equal(RetryBudget.Most, Taken(budget));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, Taken(budget));
    }

    [Fact]
    public void RetryBudget_CallsAreAnswered_GivesAFifthOfThem()
    {
        var budget = new RetryBudget(Clock);
        _ = Taken(budget);
        for (var i = 0; i < 100; i++)
        {
            budget.Add();
        }

        Assert.Equal(20, Taken(budget));
    }

    [Fact]
    public async Task CallGate_Full_ThoseInLineComeInTheirOrder()
    {
        var gate = new CallGate(mostOpen: 1, mostWaiting: 2);
        gate.Enter();
        Assert.False(gate.IsFree);
        Assert.Equal([true, true, false], [gate.TryWait(), gate.TryWait(), gate.TryWait()]);
        var first = gate.StandAsync(TimeSpan.FromSeconds(10), _time);
        var second = gate.StandAsync(TimeSpan.FromSeconds(10), _time);

        gate.Leave();
        Assert.True(await first.Within());
        Assert.False(second.IsCompleted);
        Assert.False(gate.IsFree);
        gate.Enter();
        gate.Settle();
        Assert.False(second.IsCompleted);
        gate.Leave();
        Assert.True(await second.Within());
    }

    [Fact]
    public async Task CallGate_TheTimeIsOver_StandsInLineNoMore()
    {
        var gate = new CallGate(mostOpen: 1, mostWaiting: 2);
        gate.Enter();
        Assert.True(gate.TryWait());
        var standing = gate.StandAsync(TimeSpan.FromSeconds(10), _time);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(await standing.Within());

        gate.EndWait();
        gate.Leave();
        Assert.True(gate.IsFree);
    }

    [Fact]
    public void Checked_AsManyBadAnswersAsTheThreshold_IsNotWellUntilAGoodOne()
    {
        var health = new ServerHealth(House.Server("x") with { Health = new HealthModel { FailureThreshold = 2 } }, Clock);

        Assert.False(health.Checked("silent"));
        Assert.Null(health.Objection);
        Assert.True(health.Checked("silent"));
        Assert.False(health.Checked("silent"));
        Assert.False(health.IsWell);
        Assert.NotNull(health.Objection);
        Assert.False(health.Checked(null));
        Assert.True(health.IsWell);
        Assert.Null(health.Objection);
    }

    [Fact]
    public void Rest_AServerThatAskedForAPause_IsLeftAloneThatLong()
    {
        var health = new ServerHealth(House.Server("x"), Clock);
        health.Rest(TimeSpan.FromSeconds(7));
        health.Rest(TimeSpan.FromSeconds(3));

        Assert.Equal(7000, health.RestMs);
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Null(health.Objection);
    }

    private static void Calls(OutlierWatch watch, int good, int bad)
    {
        for (var i = 0; i < good; i++)
        {
            watch.Ended(failed: false);
        }

        for (var i = 0; i < bad; i++)
        {
            watch.Ended(failed: true);
        }
    }

    private static int Taken(RetryBudget budget)
    {
        var taken = 0;
        while (budget.TryTake())
        {
            taken++;
        }

        return taken;
    }
}
