using Mimir.Http.Streams;

namespace Mimir.Http.Tests.Streams;

public sealed class SignalTests
{
    [Fact]
    public void Set_NobodyWaits_IsKeptOnceForTheNext()
    {
        var signal = new Signal();
        signal.Set();
        signal.Set();

        Assert.True(signal.WaitAsync().AsTask().IsCompletedSuccessfully);
        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public void Reset_KeptSignal_IsForgotten()
    {
        var signal = new Signal();
        signal.Set();
        signal.Reset();

        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task SetAndWait_ManySettersOneWaiter_NoWakeIsLost()
    {
        const int Items = 100_000;
        var signal = new Signal();
        var produced = 0;
        var setters = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (Interlocked.Increment(ref produced) <= Items)
            {
                signal.Set();
            }
        })).ToList();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Volatile.Read(ref produced) < Items)
        {
            await signal.WaitAsync().AsTask().WaitAsync(limit.Token);
        }

        await Task.WhenAll(setters).WaitAsync(limit.Token);
    }
}
