using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Mimir.Supervisor.Fakes;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Guarding;

public sealed class GuardTests
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Kill9_OfTheHostAtRandomMoments_LeavesNobodyWithinSixSeconds()
    {
        var random = new Random(9);
        var survivors = new ConcurrentBag<string>();
        for (var batch = 0; batch < 5; batch++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            {
                int moment;
                lock (random)
                    moment = random.Next(20, 900);
                var token = ForkShape.NewToken();
                using var host = new FakeHost("host-marked", token);
                await Task.Delay(moment);
                host.Kill();
                var watch = Stopwatch.StartNew();
                if (!await Processes.EventuallyAsync(() => Processes.Carrying(token).Count == 0, AtMost))
                    survivors.Add($"killed after {moment} ms, left: {Processes.Describe(Processes.Carrying(token))}");

                // Once is not enough: what is being made must not show up a moment later.
                await Task.Delay(300);
                if (Processes.Carrying(token) is { Count: > 0 } late && watch.Elapsed > AtMost)
                    survivors.Add($"killed after {moment} ms, came back: {Processes.Describe(late)}");
            }));
        }

        Assert.Empty(survivors);
    }

    [Fact]
    public async Task Kill9_OfAHostThatIsUp_EndsEveryShapeAndThenTheGuard()
    {
        var token = ForkShape.NewToken();
        using var host = new FakeHost("host", token);
        Assert.Equal("up", await host.ReadLineAsync());
        var guard = await GuardIdAsync(host);
        Assert.True(Processes.IsAlive(guard));
        Assert.NotEmpty(Processes.Carrying(token));
        host.Kill();
        Assert.True(
            await Processes.EventuallyAsync(() => Processes.Carrying(token).Count == 0, AtMost),
            Processes.Describe(Processes.Carrying(token)));
        Assert.True(await Processes.EventuallyAsync(() => !Processes.IsAlive(guard), Run.Patience));
    }

    [Fact]
    public async Task Kill9_BetweenForkAndExec_TheGuardLetsTheChildGoAndEndsIt()
    {
        var token = ForkShape.NewToken();
        using var host = new FakeHost("stand", token, "/bin/sh");
        Assert.True(await Processes.EventuallyAsync(() => host.Process.HasExited, Run.Patience));
        Assert.True(
            await Processes.EventuallyAsync(() => Processes.Carrying(token).Count == 0, Run.Patience),
            Processes.Describe(Processes.Carrying(token)));
    }

    [Theory]
    [InlineData("/bin/dash")]
    [InlineData("/bin/bash")]
    [InlineData("/bin/busybox")]
    [InlineData("/usr/bin/busybox")]
    public async Task Kill9_WithThisShell_EndsEveryShape(string shell)
    {
        Assert.SkipUnless(File.Exists(shell), $"{shell} is not installed");
        var folder = Directory.CreateTempSubdirectory();

        // A busybox brings its own grep and sleep: those are to be used then, and nothing else.
        var script = "exec \"$@\"";
        if (shell.EndsWith("busybox", StringComparison.Ordinal))
        {
            foreach (var applet in (string[])["sh", "cat", "sleep", "grep", "setsid", "nohup", "env"])
                File.CreateSymbolicLink(Path.Combine(folder.FullName, applet), shell);
            script = $"PATH={folder.FullName} exec \"$@\"";
        }

        var token = ForkShape.NewToken();
        using var host = new FakeHost(script, ["host", token, shell]);
        Assert.Equal("up", await host.ReadLineAsync());
        Assert.True(Processes.IsAlive(await GuardIdAsync(host)));
        host.Kill();
        Assert.True(
            await Processes.EventuallyAsync(() => Processes.Carrying(token).Count == 0, AtMost),
            Processes.Describe(Processes.Carrying(token)));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Kill9_OfTheGuardThenOfTheHost_LeavesNobody()
    {
        var token = ForkShape.NewToken();
        using var host = new FakeHost("host", token);
        Assert.Equal("up", await host.ReadLineAsync());
        var first = await GuardIdAsync(host);
        using (var guard = Process.GetProcessById(first))
            guard.Kill();
        var second = await GuardIdAsync(host);
        Assert.NotEqual(first, second);
        host.Kill();
        Assert.True(
            await Processes.EventuallyAsync(() => Processes.Carrying(token).Count == 0, AtMost),
            Processes.Describe(Processes.Carrying(token)));
    }

    [Fact]
    public async Task Leave_WithoutDisposing_EndsTheServerAndTheGuard()
    {
        var token = ForkShape.NewToken();
        using var host = new FakeHost("leave", token);
        var guard = await GuardIdAsync(host);
        await host.Process.WaitForExitAsync().WaitAsync(Run.Patience);
        Assert.True(await Processes.EventuallyAsync(() => Processes.Carrying(token).Count == 0 && !Processes.IsAlive(guard), AtMost));
    }

    [Fact]
    public async Task DisposeAsync_NothingLeft_DismissesTheGuardAtOnce()
    {
        var host = new ProcessHost();
        await host.StartAsync(Run.Model("cat"));
        var guard = host.GuardProcessId;
        Assert.True(Processes.IsAlive(guard));
        await host.DisposeAsync();
        Assert.False(Processes.IsAlive(guard));
        Assert.Empty(Processes.OwnZombies());
    }

    [Fact]
    public async Task Guard_WhileItStands_HoldsNothingOfTheChildren()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("cat"));
        var guard = host.GuardProcessId;

        // Its notes, and nothing else; it gives its stdout up only after it has said on it that it is ready.
        Assert.True(await Processes.EventuallyAsync(
            () => Directory.EnumerateFileSystemEntries($"/proc/{guard}/fd").Count(path => new FileInfo(path).LinkTarget != "/dev/null") == 1,
            Run.Patience));
        Assert.DoesNotContain("MIMIR_", Processes.Text(guard, "environ"), StringComparison.Ordinal);
        Assert.Equal(guard, Processes.Group(guard));
    }

    [Fact]
    public async Task StartAsync_NoShell_GoesOnWithoutAGuardAndSaysSoOnce()
    {
        var said = new ConcurrentQueue<string>();
        await using var host = new ProcessHost(null, said.Enqueue, null, Guid.NewGuid().ToString("N"), "/nonexistent/sh");
        for (var i = 0; i < 3; i++)
            Assert.Equal("out\n", (await host.OutputAsync(Run.Shell("echo out"))).Text());
        Assert.Contains("/nonexistent/sh", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_ShellThatIsNoShell_GoesOnWithoutAGuard()
    {
        var said = new ConcurrentQueue<string>();
        await using var host = new ProcessHost(null, said.Enqueue, null, Guid.NewGuid().ToString("N"), "/bin/true");
        Assert.Equal("out\n", (await host.OutputAsync(Run.Shell("echo out"))).Text());
        Assert.Single(said);
    }

    private static async Task<int> GuardIdAsync(FakeHost host)
    {
        var line = await host.ReadLineAsync();
        Assert.StartsWith("guard ", line, StringComparison.Ordinal);
        return int.Parse(line![6..], CultureInfo.InvariantCulture);
    }
}
