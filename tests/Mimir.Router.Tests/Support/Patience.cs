namespace Mimir.Router.Tests.Support;

/// <summary>How long tests wait for what should take moments.</summary>
internal static class Patience
{
    /// <summary>Generous for a busy machine; a test that needs it fails.</summary>
    internal static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    internal static Task Within(this Task task) => task.WaitAsync(Long);

    internal static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Long);

    /// <summary>Waits while a clock that stands still otherwise goes on, for what may pause for moments more than once.</summary>
    internal static async Task<T> Within<T>(this Task<T> task, ManualTime time)
    {
        await UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return task.IsCompleted;
        });
        return await task;
    }

    /// <summary>Waits for a condition that nothing announces.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Long);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
