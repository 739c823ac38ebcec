namespace Mimir.Embed.Http;

/// <summary>Waiting that ends.</summary>
internal static class Deadline
{
    /// <summary>Waits until a task has ended, whatever it ended with.</summary>
    /// <returns>Whether it has, in time.</returns>
    public static async Task<bool> EndedAsync(Task task, TimeSpan limit)
    {
        if (task.IsCompleted) return true;
        using var end = new CancellationTokenSource();
        var first = await Task.WhenAny(task, Task.Delay(limit, end.Token)).ConfigureAwait(false);
        end.Cancel();
        return first == task;
    }

    /// <summary>Waits for a task; what it fails with later is seen by nobody.</summary>
    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public static async Task WithinAsync(Task task, TimeSpan limit)
    {
        if (await EndedAsync(task, limit).ConfigureAwait(false))
        {
            await task.ConfigureAwait(false);
            return;
        }

        _ = task.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        throw new TimeoutException();
    }
}
