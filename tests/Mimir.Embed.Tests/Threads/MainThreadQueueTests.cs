using Mimir.Embed.Threads;

namespace Mimir.Embed.Tests.Threads;

/// <summary>What a loop runs of what waits for it.</summary>
public sealed class MainThreadQueueTests
{
    private static readonly TimeSpan s_ample = TimeSpan.FromMinutes(1);

    [Fact]
    public void Pump_WhatWaits_RunsInOrderOnTheThreadThatPumps()
    {
        var queue = new MainThreadQueue();
        var ran = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var item = i;
            Assert.True(queue.TryPost(() =>
            {
                Assert.True(queue.IsCurrent);
                ran.Add(item);
            }));
        }

        Assert.False(queue.IsCurrent);
        Assert.Equal((5, 0), (queue.Pump(s_ample), queue.Waiting));
        Assert.Equal([0, 1, 2, 3, 4], ran);
    }

    [Fact]
    public void Pump_WithoutTime_RunsOneItemAndLeavesTheRestToTheNextFrame()
    {
        var queue = new MainThreadQueue();
        for (var i = 0; i < 3; i++) queue.TryPost(static () => { });

        Assert.Equal((1, 2), (queue.Pump(TimeSpan.Zero), queue.Waiting));
        Assert.Equal((2, 0), (queue.Pump(s_ample), queue.Waiting));
    }

    [Fact]
    public void Pump_WithTheLongestTimeThereIs_RunsAllThatWaits()
    {
        var queue = new MainThreadQueue();
        for (var i = 0; i < 3; i++) queue.TryPost(static () => { });

        Assert.Equal((3, 0), (queue.Pump(TimeSpan.MaxValue), queue.Waiting));
    }

    [Fact]
    public void Pump_ItemThatQueuesItself_IsRunOnceAFrame()
    {
        var queue = new MainThreadQueue();
        var ran = 0;
        void Again()
        {
            ran++;
            queue.TryPost(Again);
        }

        queue.TryPost(Again);
        for (var frame = 1; frame <= 3; frame++)
        {
            queue.Pump(s_ample);
            Assert.Equal(frame, ran);
        }
    }

    [Fact]
    public void Pump_WhatIsAwaited_GoesOnInALaterFrameOnTheSameThread()
    {
        var queue = new MainThreadQueue();
        var awaited = new TaskCompletionSource();
        var threads = new List<int>();
        async Task WorkAsync()
        {
            threads.Add(Environment.CurrentManagedThreadId);
            await awaited.Task;
            threads.Add(Environment.CurrentManagedThreadId);
            Assert.True(queue.IsCurrent);
        }

        Task work = Task.CompletedTask;
        queue.TryPost(() => work = WorkAsync());
        queue.Pump(s_ample);
        var elsewhere = new Thread(awaited.SetResult);
        elsewhere.Start();
        elsewhere.Join();
        Assert.False(work.IsCompleted);
        queue.Pump(s_ample);

        Assert.True(work.IsCompletedSuccessfully);
        Assert.Equal([Environment.CurrentManagedThreadId, Environment.CurrentManagedThreadId], threads);
    }

    [Fact]
    public void TryPost_BeyondTheCapacity_IsRefusedAndLaterTakenAgain()
    {
        var queue = new MainThreadQueue(capacity: 2);
        Assert.Equal((true, true, false), (queue.TryPost(static () => { }), queue.TryPost(static () => { }), queue.TryPost(static () => { })));
        queue.Pump(s_ample);
        Assert.True(queue.TryPost(static () => { }));
    }

    [Fact]
    public void Pump_ItemThatThrows_IsTheLoopsAndTheRestIsStillThere()
    {
        var queue = new MainThreadQueue();
        var ran = false;
        queue.TryPost(static () => throw new InvalidOperationException("thrown"));
        queue.TryPost(() => ran = true);

        Assert.Throws<InvalidOperationException>(() => queue.Pump(s_ample));
        Assert.False(queue.IsCurrent);
        queue.Pump(s_ample);
        Assert.True(ran);
    }
}
