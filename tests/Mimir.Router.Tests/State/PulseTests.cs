using Mimir.Router.State;
using Mimir.Router.Tests.Support;

namespace Mimir.Router.Tests.State;

/// <summary>How often it is looked after what is open.</summary>
public sealed class PulseTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly Pulse _pulse;
    private int _looks;
    private bool _isBusy;

    public PulseTests()
    {
        _pulse = new Pulse(_time, () => _looks++, () => _isBusy);
        _pulse.Begin();
    }

    public ValueTask DisposeAsync() => _pulse.DisposeAsync();

    [Fact]
    public void Busy_LooksOften()
    {
        _isBusy = true;

        Assert.Equal(50, LooksIn(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void NothingOpen_LooksSeldom()
    {
        LooksIn(Pulse.Often);

        Assert.Equal(10, LooksIn(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void SomethingIsOpened_LooksOftenAtOnceAndUntilItIsClosed()
    {
        LooksIn(TimeSpan.FromSeconds(5));
        _isBusy = true;
        _pulse.Quicken();
        Assert.Equal(5, LooksIn(TimeSpan.FromSeconds(1)));

        _isBusy = false;
        LooksIn(Pulse.Often);
        Assert.Equal(3, LooksIn(TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void SomethingIsOpenedUnheard_LooksOftenFromTheNextLook()
    {
        LooksIn(TimeSpan.FromSeconds(5));
        _isBusy = true;
        LooksIn(Pulse.Seldom);

        Assert.Equal(5, LooksIn(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task SomethingIsOpenedWhileItSlowsDown_LooksOften()
    {
        var looks = 0;
        Pulse? pulse = null;
        await using var slowing = pulse = new Pulse(
            _time,
            () => looks++,
            () =>
            {
                // Counted a moment too early, and opened before it was slow.
                pulse!.Quicken();
                return false;
            });
        pulse.Begin();
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(10, looks);
    }

    private int LooksIn(TimeSpan time)
    {
        var before = _looks;
        _time.Advance(time);
        return _looks - before;
    }
}
