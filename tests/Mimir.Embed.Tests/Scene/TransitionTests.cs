using System.Text.Json.Nodes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Scene.InMemory;
using Mimir.Embed.Scene.Values;
using Mimir.Embed.Threads;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Scene;

/// <summary>Changes that take time, frame by frame.</summary>
public sealed class TransitionTests
{
    [Fact]
    public async Task Update_WithTime_GoesEvenlyAndEndsWhereItWasTold()
    {
        var (stage, clock, node) = await OpenAsync();
        await using var _ = stage;
        var call = stage.TextAsync("transform_position_update", "path", "Box", "position_x", 10, "position_transition_time", 2);

        await clock.StepsAsync(1);
        var seen = new List<float>();
        foreach (var delta in new[] { 0.5, 0.5, 0.25 })
        {
            await stage.OnMainAsync(() => clock.Tick(delta));
            await clock.StepsAsync(1);
            seen.Add(node.Position.X);
            Assert.False(call.IsCompleted);
        }

        await stage.OnMainAsync(() => clock.Tick(5));

        Assert.Equal("Updated 'Box' (position).", await call);
        Assert.Equal([2.5f, 5, 6.25f], seen);
        Assert.Equal((new Vec3(10, 0, 0), 0), (node.Position, clock.Waiting));
    }

    [Theory]
    [InlineData(10, 350, 0)]
    [InlineData(350, 10, 360)]
    [InlineData(0, 90, 45)]
    [InlineData(0, -90, -45)]
    [InlineData(0, 730, 5)]
    [InlineData(-170, 170, -180)]
    public async Task Rotation_WithTime_GoesTheShortWayRound(float from, float to, float half)
    {
        var (stage, clock, node) = await OpenAsync();
        await using var _ = stage;
        node.EulerDegrees = new(7, from, 8);
        var call = stage.TextAsync("transform_rotation_update", "path", "Box", "rotation_y", to, "rotation_transition_time", 1);

        await clock.StepsAsync(1);
        await stage.OnMainAsync(() => clock.Tick(0.5));
        await clock.StepsAsync(1);
        Assert.Equal(new Vec3(7, half, 8), node.EulerDegrees);
        await stage.OnMainAsync(() => clock.Tick(0.5));

        await call;
        Assert.Equal(new Vec3(7, to, 8), node.EulerDegrees);
    }

    [Fact]
    public async Task Update_ASecondOfTheSameKind_EndsTheFirstWhichSaysSo()
    {
        var (stage, clock, node) = await OpenAsync();
        await using var _ = stage;
        var first = stage.TextAsync("transform_change", "path", "Box", "position_x", 10, "position_transition_time", 2, "scale_x", 3, "scale_transition_time", 1);
        await clock.StepsAsync(2);
        await stage.OnMainAsync(() => clock.Tick(0.5));
        await clock.StepsAsync(2);

        var second = stage.TextAsync("transform_position_update", "path", "Box", "position_x", 0, "position_transition_time", 1);
        await clock.StepsAsync(1);
        await stage.OnMainAsync(() => clock.Tick(0.5));
        await clock.StepsAsync(1);
        Assert.Equal((1.25f, 3f), (node.Position.X, node.LocalScale.X));
        Assert.Equal("Updated 'Box' (scale). The change of 'Box' (position) was replaced by a later one before its end.", await first);
        await stage.OnMainAsync(() => clock.Tick(0.5));

        Assert.Equal("Updated 'Box' (position).", await second);
        Assert.Equal(0, node.Position.X);
    }

    [Fact]
    public async Task Update_AtOnceWhileOneRuns_EndsItToo()
    {
        var (stage, clock, node) = await OpenAsync();
        await using var _ = stage;
        var first = stage.TextAsync("transform_position_update", "path", "Box", "position_x", 10, "position_transition_time", 2);
        await clock.StepsAsync(1);

        await stage.TextAsync("transform_position_update", "path", "Box", "position_x", -1);
        Assert.Equal("The change of 'Box' (position) was replaced by a later one before its end.", await first);
        await stage.OnMainAsync(() => clock.Tick(2));

        Assert.Equal(-1, node.Position.X);
    }

    [Fact]
    public async Task Update_CancelledByTheClient_StaysWhereItIs()
    {
        var (stage, clock, node) = await OpenAsync("2025-11-25");
        await using var _ = stage;
        using var leave = new CancellationTokenSource();
        var call = stage.Client.SendRequestAsync(
            new JsonRpcRequest { Id = new RequestId("moving"), Method = "tools/call", Params = JsonNode.Parse("""{"name":"transform_position_update","arguments":{"path":"Box","position_x":10,"position_transition_time":50}}""") },
            leave.Token);
        await clock.StepsAsync(1);
        await stage.OnMainAsync(() => clock.Tick(25));
        await clock.StepsAsync(1);

        await stage.Client.SendMessageAsync(new JsonRpcNotification { Method = NotificationMethods.CancelledNotification, Params = JsonNode.Parse("""{"requestId":"moving"}""") });
        for (var i = 0; i < 1000 && clock.Waiting > 0; i++)
        {
            await stage.OnMainAsync(() => clock.Tick(0));
            await Task.Delay(10);
        }

        Assert.Equal(0, clock.Waiting);
        await stage.OnMainAsync(() => clock.Tick(25));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(5, node.Position.X);
    }

    [Fact]
    public async Task Update_NodeDestroyedOnTheWay_FailsAndSaysSo()
    {
        var (stage, clock, node) = await OpenAsync();
        await using var _ = stage;
        var call = stage.FailedAsync(McpErrorCode.InternalError, "transform_scale_update", "path", "Box", "scale_x", 10, "scale_transition_time", 2);
        await clock.StepsAsync(1);

        await stage.OnMainAsync(() => node.Destroy());
        await stage.OnMainAsync(() => clock.Tick(1));

        Assert.Contains("'Box' was destroyed before the change of its scale ended.", await call, StringComparison.Ordinal);
        Assert.Equal((1, 0), (node.LocalScale.X, clock.Waiting));
    }

    [Fact]
    public async Task Update_TransformLostOnTheWay_FailsAndSaysSo()
    {
        var (stage, clock, node) = await OpenAsync();
        await using var _ = stage;
        var call = stage.FailedAsync(McpErrorCode.InternalError, "transform_scale_update", "path", "Box", "scale_x", 10, "scale_transition_time", 2);
        await clock.StepsAsync(1);

        await stage.OnMainAsync(() => node.HasTransform = false);
        await stage.OnMainAsync(() => clock.Tick(1));

        Assert.Contains("'Box' lost its transform", await call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_ManyAtATime_BlockNoOtherCall()
    {
        var (stage, clock, node) = await OpenAsync();
        await using var _ = stage;
        var other = stage.Scene.Add("Other");
        var one = stage.TextAsync("transform_position_update", "path", "Box", "position_x", 4, "position_transition_time", 2);
        var two = stage.TextAsync("transform_rotation_update", "path", "Other", "rotation_x", 40, "rotation_transition_time", 4);
        await clock.StepsAsync(2);

        Assert.Equal("Logged message as Info level.", await stage.TextAsync("log", "message", "between"));
        Assert.Equal(0, (await stage.JsonAsync("transform_inspect", "path", "Box")).GetProperty("position").GetProperty("x").GetDouble());
        Assert.Equal("Updated 'Box' (scale).", await stage.TextAsync("transform_scale_update", "path", "Box", "scale_x", 9));
        await stage.OnMainAsync(() => clock.Tick(1));
        await clock.StepsAsync(2);
        Assert.Equal((2, 10), (node.Position.X, other.EulerDegrees.X));
        await stage.OnMainAsync(() => clock.Tick(1));
        await one;
        await clock.StepsAsync(1);
        Assert.False(two.IsCompleted);
        await stage.OnMainAsync(() => clock.Tick(2));
        await two;

        Assert.Equal((new Vec3(4, 0, 0), 9, 40), (node.Position, node.LocalScale.X, other.EulerDegrees.X));
    }

    [Fact]
    public async Task Update_HostStopsOnTheWay_Ends()
    {
        var (stage, clock, _) = await OpenAsync();
        await using var __ = stage;
        var call = stage.TextAsync("transform_position_update", "path", "Box", "position_x", 4, "position_transition_time", 50);
        await clock.StepsAsync(1);

        await stage.Host.StopAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(TimeSpan.FromSeconds(20)));
        while (clock.Waiting > 0) clock.Tick(1);
    }

    [Fact]
    public async Task Update_FramesOfAQueueThatIsPumped_ReachTheEnd()
    {
        var queue = new MainThreadQueue();
        var scene = new InMemoryScene();
        var node = scene.Add("Box");
        using var end = new CancellationTokenSource();
        var loop = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (!end.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync();
                queue.Pump(TimeSpan.FromMilliseconds(2));
            }
        });
        await using (var stage = await Stage.OpenAsync(scene, new McpHostOptions { MainThread = queue }))
        {
            Assert.Equal("Updated 'Box' (position).", await stage.TextAsync("transform_position_update", "path", "Box", "position_x", 4, "position_transition_time", 0.2));
        }

        await end.CancelAsync();
        await loop;
        Assert.Equal(4, node.Position.X);
    }

    [Fact]
    public async Task Update_MainThreadThatRunsAtOnce_IsNotKeptBusy()
    {
        var main = new Immediate();
        var scene = new InMemoryScene();
        var node = scene.Add("Box");
        await using var stage = await Stage.OpenAsync(scene, new McpHostOptions { MainThread = main });

        await stage.TextAsync("transform_position_update", "path", "Box", "position_x", 4, "position_transition_time", 0.25);

        Assert.Equal(4, node.Position.X);
        Assert.InRange(main.Posts, 2, 150);
    }

    private static async Task<(Stage Stage, HandClock Clock, InMemoryNode Node)> OpenAsync(string? revision = null)
    {
        var clock = new HandClock();
        var scene = new InMemoryScene(clock: clock);
        var node = scene.Add("Box");
        return (await Stage.OpenAsync(scene, revision: revision), clock, node);
    }

    /// <summary>A main thread that runs what it is given in the next moment, as that of a window does.</summary>
    private sealed class Immediate : IMainThread
    {
        private readonly object _gate = new();
        private int _posts;

        public int Posts => _posts;

        public bool IsCurrent => false;

        public bool TryPost(Action work)
        {
            Interlocked.Increment(ref _posts);
            ThreadPool.QueueUserWorkItem(_ =>
            {
                lock (_gate) work();
            });
            return true;
        }
    }
}
