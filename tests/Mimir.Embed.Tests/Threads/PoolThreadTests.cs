using Mimir.Embed.Threads;

namespace Mimir.Embed.Tests.Threads;

/// <summary>The main thread of an app that has none.</summary>
public sealed class PoolThreadTests
{
    [Fact]
    public async Task TryPost_WhileItFallsAsleep_IsNeverForgotten()
    {
        var main = new PoolThread();

        for (var i = 0; i < 200_000; i++)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Assert.True(main.TryPost(() => done.SetResult()));
            await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }
}
