using Mimir.Router.Model.Routing;
using Mimir.Router.State;
using Mimir.Router.State.Health;

namespace Mimir.Router.Tests.State.Health;

public sealed class CircuitBreakerTests
{
    private readonly ManualTime _time = new();
    private readonly CircuitBreaker _breaker;
    private readonly List<BreakerState> _told = [];

    public CircuitBreakerTests()
    {
        _breaker = new CircuitBreaker(
            new BreakerModel { FailureThreshold = 5, Timeout = TimeSpan.FromSeconds(60), HalfOpenAttempts = 3 }, new MonotonicClock(_time));
        _breaker.Changed += _told.Add;
    }

    [Fact]
    public void Closed_FailuresBelowTheThreshold_StaysClosed()
    {
        Calls(CallEnd.Failed, 4);

        Assert.Equal(BreakerState.Closed, _breaker.State);
        Assert.True(_breaker.TryPass());
    }

    [Fact]
    public void Closed_FailuresInARowAtTheThreshold_Opens()
    {
        Calls(CallEnd.Failed, 5);

        Assert.Equal(BreakerState.Open, _breaker.State);
        Assert.False(_breaker.TryPass());
        Assert.Equal(60_000, _breaker.OpenForMs);
        Assert.Equal([BreakerState.Open], _told);
    }

    [Fact]
    public void Closed_AnAnswerBetweenFailures_BeginsTheCountAnew()
    {
        Calls(CallEnd.Failed, 4);
        Calls(CallEnd.Answered, 1);
        Calls(CallEnd.Failed, 4);

        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public void Closed_CallsWhoseClientsLeft_CountForNothing()
    {
        Calls(CallEnd.Failed, 4);
        Calls(CallEnd.Left, 100);
        Assert.Equal(BreakerState.Closed, _breaker.State);

        Calls(CallEnd.Failed, 1);
        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    [Fact]
    public void Open_BeforeTheTimeout_LetsNothingPass()
    {
        Calls(CallEnd.Failed, 5);
        _time.Advance(TimeSpan.FromSeconds(59.9));

        Assert.False(_breaker.WouldPass);
        Assert.False(_breaker.TryPass());
        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    [Fact]
    public void Open_AfterTheTimeout_LetsAsManyPassAsMayTry()
    {
        Open();

        Assert.True(_breaker.WouldPass);
        Assert.Equal([true, true, true, false], [_breaker.TryPass(), _breaker.TryPass(), _breaker.TryPass(), _breaker.TryPass()]);
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
        Assert.False(_breaker.WouldPass);
    }

    [Fact]
    public void HalfOpen_AsManySuccessesAsAttempts_Closes()
    {
        Open();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i == 0 ? BreakerState.Open : BreakerState.HalfOpen, _breaker.State);
            Assert.True(_breaker.TryPass());
            _breaker.Ended(_breaker.Epoch, CallEnd.Answered);
        }

        Assert.Equal(BreakerState.Closed, _breaker.State);
        Assert.Equal([BreakerState.Open, BreakerState.HalfOpen, BreakerState.Closed], _told);
    }

    [Fact]
    public void HalfOpen_OneFailure_OpensForAnotherTimeout()
    {
        Open();
        Assert.True(_breaker.TryPass());
        _breaker.Ended(_breaker.Epoch, CallEnd.Answered);
        Assert.True(_breaker.TryPass());
        _breaker.Ended(_breaker.Epoch, CallEnd.Failed);

        Assert.Equal(BreakerState.Open, _breaker.State);
        Assert.Equal(60_000, _breaker.OpenForMs);
    }

    [Fact]
    public void HalfOpen_ATrialWhoseClientLeft_GivesItsPlaceBack()
    {
        Open();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(_breaker.TryPass());
            _breaker.Ended(_breaker.Epoch, CallEnd.Left);
        }

        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
    }

    [Fact]
    public void HalfOpen_TrialsThatNeverEnd_AreForgottenAfterTheTimeout()
    {
        Open();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(_breaker.TryPass());
        }

        Assert.False(_breaker.TryPass());
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(_breaker.TryPass());
    }

    [Fact]
    public void HalfOpen_AnAnswerToACallFromBefore_ProvesNothing()
    {
        var old = _breaker.Epoch;
        Open();
        Assert.True(_breaker.TryPass());
        for (var i = 0; i < 10; i++)
        {
            _breaker.Ended(old, CallEnd.Answered);
        }

        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
        _breaker.Ended(old, CallEnd.Failed);
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
    }

    private void Open()
    {
        Calls(CallEnd.Failed, 5);
        _time.Advance(TimeSpan.FromSeconds(60));
    }

    private void Calls(CallEnd end, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _breaker.Ended(_breaker.Epoch, end);
        }
    }
}
