using System.Collections.Concurrent;
using System.Diagnostics;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Fakes;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Families;

public sealed class FamilyEndTests
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StopAsync_EveryForkShapeAtOnce_LeavesNobodyWithinSixSeconds(bool immediately)
    {
        await using var host = new ProcessHost();
        var survivors = new ConcurrentBag<string>();
        await Task.WhenAll(ForkShape.All.Select(async shape =>
        {
            var token = ForkShape.NewToken();
            await using var child = await host.StartAsync(shape.Name, shape.Model(token), CancellationToken.None);
            Assert.True(
                await Processes.EventuallyAsync(() => Processes.Carrying(token).Count >= shape.Processes, Run.Patience),
                $"{shape.Name} did not unfold: {Processes.Describe(Processes.Carrying(token))}");
            var late = Load.MeasureAsync();
            var watch = Stopwatch.StartNew();
            await child.StopAsync(immediately);
            var took = watch.Elapsed;
            var left = Processes.Carrying(token);
            if (left.Count > 0 || took > AtMost + await late || !child.Exited.IsCompleted)
                survivors.Add($"{shape.Name} after {took.TotalSeconds:F2} s: {Processes.Describe(left)}");
        }));
        Assert.Empty(survivors);
        Assert.Equal(0, host.Count);
        Assert.Empty(Processes.OwnZombies());
    }

    [Fact]
    public async Task StopAsync_PoliteServer_TakesNoGraceTime()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("cat"));
        var watch = Stopwatch.StartNew();
        await child.StopAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1.5), $"took {watch.Elapsed}");
        Assert.Equal(new ChildExit(0, null), await child.Exited);
    }

    [Fact]
    public async Task StopAsync_ImmediatelyDuringAGracefulOne_CutsItShort()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("trap '' TERM; while :; do sleep 1000; done"));
        var watch = Stopwatch.StartNew();
        var graceful = child.StopAsync();
        await child.StopAsync(immediately: true);
        await graceful;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1.5), $"took {watch.Elapsed}");
        Assert.Equal(new ChildExit(null, 9), await child.Exited);
    }

    [Fact]
    public async Task StopAsync_ServerThatAnswersTermOnly_GetsTermAfterTwoSeconds()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done"));
        Assert.Equal(6, child.Line.Read(new byte[64]));
        var watch = Stopwatch.StartNew();
        await child.StopAsync();
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.9, 4.5);
        Assert.Equal(new ChildExit(5, null), await child.Exited);
    }

    [Fact]
    public async Task StopAsync_ChainThatForksOutOfItsSessionForEver_IsCaught()
    {
        await using var host = new ProcessHost();
        var token = ForkShape.NewToken();
        const string Hop = "trap '' TERM; sleep 0.05; setsid sh -c \"$HOP\" & exit 0";
        var model = Run.Shell("setsid sh -c \"$HOP\" & cat >/dev/null").With("HOP", Hop).With(ForkShape.Token, token);
        await using var child = await host.StartAsync(model);
        Assert.True(await Processes.EventuallyAsync(() => Processes.Carrying(token).Count > 2, Run.Patience));
        await child.StopAsync(immediately: true);
        Assert.Empty(Processes.Carrying(token));
    }

    [Fact]
    public async Task StopAsync_AtRandomMomentsOfTheStart_LeavesNobody()
    {
        await using var host = new ProcessHost();
        var token = ForkShape.NewToken();
        var random = new Random(20261);
        var moments = Enumerable.Range(0, 40).Select(_ => random.Next(0, 80)).ToArray();
        foreach (var moment in moments)
        {
            var shape = ForkShape.All[random.Next(ForkShape.All.Length)];
            var child = await host.StartAsync(shape.Name, shape.Model(token), CancellationToken.None);
            await Task.Delay(moment);
            await child.StopAsync(immediately: true);
            await child.DisposeAsync();
            var left = Processes.Carrying(token);
            Assert.True(left.Count == 0, $"{shape.Name} after {moment} ms: {Processes.Describe(left)}");
        }
    }

    [Fact]
    public async Task Exited_LeaderDiesAlone_ItsFamilyIsEndedUnasked()
    {
        await using var host = new ProcessHost();
        var token = ForkShape.NewToken();
        var model = Run.Shell("setsid sleep 1000 & sleep 1000 & kill -KILL $$").With(ForkShape.Token, token);
        var child = await host.StartAsync(model);
        Assert.Equal(new ChildExit(null, 9), await child.Exited.WaitAsync(Run.Patience));
        Assert.True(await Processes.EventuallyAsync(() => host.Count == 0, TimeSpan.FromSeconds(7)));
        Assert.Empty(Processes.Carrying(token));
        Assert.Empty(Processes.OwnZombies());
    }

    [Fact]
    public async Task StopAsync_AnotherChildOfTheSameHost_IsNotTouched()
    {
        await using var host = new ProcessHost();
        await using var stays = await host.StartAsync(Run.Shell("setsid sleep 1000 & cat"));
        await using var goes = await host.StartAsync(Run.Shell("setsid sleep 1000 & cat"));
        await goes.StopAsync(immediately: true);
        stays.Line.WriteAll("still here\n"u8);
        var buffer = new byte[64];
        Assert.Equal("still here\n", buffer[..stays.Line.Read(buffer)].Text());
        await stays.StopAsync(immediately: true);
    }
}
