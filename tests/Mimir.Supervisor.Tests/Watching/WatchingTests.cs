using System.Diagnostics;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Watching;

public sealed class WatchingTests
{
    [Theory]
    [InlineData("exit 0", 0, null)]
    [InlineData("exit 3", 3, null)]
    [InlineData("exit 255", 255, null)]
    [InlineData("kill -SEGV $$", null, 11)]
    [InlineData("kill -KILL $$", null, 9)]
    [InlineData("kill -TERM $$", null, 15)]
    public async Task Exited_HoweverItEnds_TellsHow(string script, int? code, int? signal)
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell(script));
        Assert.Equal(new ChildExit(code, signal), await child.Exited.WaitAsync(Run.Patience));
    }

    [Fact]
    public async Task Exited_OtherChildrenOfThisProcess_KeepTheirExitCodes()
    {
        await using var host = new ProcessHost();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            await using var child = await host.StartAsync(Run.Shell($"exit {i}"));
            using var other = Process.Start("sh", ["-c", $"exit {i + 100}"]);
            await other.WaitForExitAsync().WaitAsync(Run.Patience);
            Assert.Equal(i + 100, other.ExitCode);
            Assert.Equal(new ChildExit(i, null), await child.Exited.WaitAsync(Run.Patience));
        }));
    }

    [Fact]
    public async Task Exited_StopsAndGoesOn_IsNoExit()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("kill -STOP $$; exit 4"));
        Assert.True(await Processes.EventuallyAsync(() => Processes.Text(child.ProcessId, "stat").Contains(") T "), Run.Patience));
        Assert.False(child.Exited.IsCompleted);
        using (Process.Start("kill", ["-CONT", child.ProcessId.ToString()]))
            Assert.Equal(new ChildExit(4, null), await child.Exited.WaitAsync(Run.Patience));
    }

    [Fact]
    public async Task StopAsync_StoppedProcess_IsEndedAllTheSame()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("kill -STOP $$"));
        await child.StopAsync(immediately: true);
        Assert.Equal(new ChildExit(null, 9), await child.Exited);
    }

    [Fact]
    public async Task Exited_TwoHundredCrashes_LeaveNoZombieAndNoDescriptor()
    {
        await using var host = new ProcessHost();
        await host.OutputAsync(Run.Model("true"));
        Assert.True(await Processes.EventuallyAsync(() => host.Count == 0, Run.Patience));
        var before = Processes.OpenDescriptors();
        for (var i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
            {
                await using var child = await host.StartAsync(Run.Shell("echo crashing >&2; kill -SEGV $$"));
                Assert.Equal(new ChildExit(null, 11), await child.Exited.WaitAsync(Run.Patience));
                Assert.Equal(["crashing"], child.StandardErrorTail);
            }));
        }

        Assert.True(await Processes.EventuallyAsync(() => host.Count == 0 && Processes.OwnZombies().Count == 0, Run.Patience));
        Assert.True(
            await Processes.EventuallyAsync(() => Processes.OpenDescriptors() <= before, Run.Patience),
            $"{before} -> {Processes.OpenDescriptors()}");
    }

    [Fact]
    public async Task StandardErrorTail_FiftyMegabytes_BlockNobodyAndDoNotGrow()
    {
        await using var host = new ProcessHost();
        await host.OutputAsync(Run.Model("true"));
        var before = GC.GetTotalAllocatedBytes();
        await using var child = await host.StartAsync(Run.Shell(
            "head -c 25000000 /dev/zero | tr '\\0' x >&2; yes flood | head -c 25000002 >&2; echo 'last words' >&2; echo done; cat"));
        var buffer = new byte[64];
        Assert.Equal(5, await Task.Run(() => child.Line.Read(buffer)).WaitAsync(Run.Patience));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1_000_000);
        Assert.True(await Processes.EventuallyAsync(() => child.StandardErrorTail is [.., "last words"], Run.Patience));
        Assert.Equal(256, child.StandardErrorTail.Count);
    }

    [Fact]
    public async Task StandardErrorTail_OneChildFloods_AnotherIsStillHeard()
    {
        await using var host = new ProcessHost();
        await using var flood = await host.StartAsync(Run.Shell("yes flood >&2"));
        for (var i = 0; i < 10; i++)
        {
            await using var child = await host.StartAsync(Run.Shell("echo heard >&2; exit 9"));
            Assert.Equal(new ChildExit(9, null), await child.Exited.WaitAsync(TimeSpan.FromSeconds(10)));
            Assert.Equal(["heard"], child.StandardErrorTail);
        }

        await flood.StopAsync(immediately: true);
    }

    [Fact]
    public async Task StandardErrorTail_StdErrClosedEarly_KeepsWhatCameAndTheChildRuns()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("echo first >&2; exec 2>&-; echo still; cat"));
        Assert.Equal(6, child.Line.Read(new byte[64]));
        Assert.True(await Processes.EventuallyAsync(() => child.StandardErrorTail is ["first"], Run.Patience));
        Assert.False(child.Exited.IsCompleted);
    }
}
