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
                var token = Guid.NewGuid().ToString("N");
                using var host = new FakeHost("host", token);
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
        var token = Guid.NewGuid().ToString("N");
        using var host = new FakeHost("host", token);
        Assert.Equal("up", await host.ReadLineAsync());
        var guard = await GuardIdAsync(host);
        var bare = Processes.Named("/bin/sleep\01000").Where(id => Processes.Text(id, "environ").Length == 0).ToList();
        Assert.True(Processes.IsAlive(guard));
        Assert.NotEmpty(Processes.Carrying(token));
        Assert.NotEmpty(bare);
        host.Kill();
        Assert.True(
            await Processes.EventuallyAsync(() => Processes.Carrying(token).Count == 0 && !bare.Exists(Processes.IsAlive), AtMost),
            Processes.Describe(Processes.Carrying(token).Concat(bare)));
        Assert.True(await Processes.EventuallyAsync(() => !Processes.IsAlive(guard), Run.Patience));
    }

    [Fact]
    public async Task Kill9_OfTheGuardThenOfTheHost_LeavesNobody()
    {
        var token = Guid.NewGuid().ToString("N");
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
        var token = Guid.NewGuid().ToString("N");
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
        var open = Directory.EnumerateFileSystemEntries($"/proc/{guard}/fd")
            .Select(path => new FileInfo(path).LinkTarget!).ToList();
        Assert.True(open.Count(target => target != "/dev/null") == 1, string.Join(' ', open));
        Assert.DoesNotContain("MIMIR_", Processes.Text(guard, "environ"), StringComparison.Ordinal);
        Assert.Equal(guard, Processes.Group(guard));
    }

    [Fact]
    public async Task StartAsync_NoShell_GoesOnWithoutAGuardAndSaysSoOnce()
    {
        var said = new ConcurrentQueue<string>();
        await using var host = new ProcessHost(null, said.Enqueue, Guid.NewGuid().ToString("N"), "/nonexistent/sh");
        for (var i = 0; i < 3; i++)
            Assert.Equal("out\n", (await host.OutputAsync(Run.Shell("echo out"))).Text());
        Assert.Contains("/nonexistent/sh", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_ShellThatIsNoShell_GoesOnWithoutAGuard()
    {
        var said = new ConcurrentQueue<string>();
        await using var host = new ProcessHost(null, said.Enqueue, Guid.NewGuid().ToString("N"), "/bin/true");
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
