using Mimir.Embed.Scene;

namespace Mimir.Embed.Tests.Scene;

/// <summary>Frames that a test makes, when steps wait for one.</summary>
internal sealed class HandClock : IFrameClock
{
    private readonly FrameClock _inner = new();
    private readonly SemaphoreSlim _waiting = new(0);

    public double Seconds => _inner.Seconds;

    public int Waiting => _inner.Waiting;

    public bool TryOnNextFrame(Action step)
    {
        var taken = _inner.TryOnNextFrame(step);
        _waiting.Release();
        return taken;
    }

    /// <summary>Waits until so many more steps wait for a frame.</summary>
    public async Task StepsAsync(int count)
    {
        for (var i = 0; i < count; i++) Assert.True(await _waiting.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    public void Tick(double seconds) => _inner.Tick(seconds);
}
