using System.Collections.Concurrent;
using System.Globalization;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Limits;
using Xunit;

namespace Mimir.Supervisor.Tests.Limits;

/// <summary>What is read and written, against a folder that looks like a control group; the kernel's part is not tried here.</summary>
public sealed class CgroupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly ConcurrentQueue<string> _said = [];

    public CgroupTests()
    {
        File.WriteAllText(At("cgroup.controllers"), "cpuset cpu io memory pids\n");
        File.WriteAllText(At("cgroup.subtree_control"), "memory pids\n");
        File.WriteAllText(At("cgroup.procs"), string.Empty);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("0::/user.slice/a.scope\n", "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n", "/sys/fs/cgroup/user.slice/a.scope")]
    [InlineData("0::/\n", "30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n", "/sys/fs/cgroup")]
    [InlineData("12:memory:/x\n0::/docker/1/in\n", "1 2 0:3 /docker/1 /cg rw shared:4 - cgroup2 c rw\n", "/cg/in")]
    [InlineData("0::/docker/12\n", "1 2 0:3 /docker/1 /cg rw - cgroup2 c rw\n", null)]
    [InlineData("4:memory:/\n", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", null)]
    [InlineData("0::/a\n", "30 23 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n", null)]
    [InlineData("", "", null)]
    public void Locate_WhatTheKernelShows_IsFound(string cgroup, string mounts, string? expected) =>
        Assert.Equal(expected, CgroupHome.Locate(cgroup, mounts));

    [Fact]
    public void TryOpen_ControllersAreOn_TakesThemAsTheyAre()
    {
        var home = CgroupHome.TryOpen(_folder.FullName, [], out _);
        Assert.Equal(["memory", "pids"], home!.Controllers);
        Assert.False(Directory.Exists(At("mimir")));
    }

    [Fact]
    public void TryOpen_SomebodyElseIsInIt_LeavesItAlone()
    {
        File.WriteAllText(At("cgroup.subtree_control"), "\n");
        File.WriteAllText(At("cgroup.procs"), $"{Environment.ProcessId}\n1\n");
        Assert.Null(CgroupHome.TryOpen(_folder.FullName, [], out var why));
        Assert.Contains("others", why, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(_folder.FullName));
    }

    [Fact]
    public void TryOpen_NoSuchControllers_SaysSo()
    {
        File.WriteAllText(At("cgroup.controllers"), "cpu\n");
        Assert.Null(CgroupHome.TryOpen(_folder.FullName, [], out var why));
        Assert.Contains("memory", why, StringComparison.Ordinal);
        Assert.Null(CgroupHome.TryOpen(At("nowhere"), [], out _));
    }

    [Fact]
    public void Prepare_WithAGroup_SetsItsLimitsAndExplainsTheEnd()
    {
        var mark = "m1";
        var group = Directory.CreateDirectory(At("mimir-" + mark)).FullName;
        foreach (var file in (string[])["memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cgroup.procs"])
            File.WriteAllText(Path.Combine(group, file), string.Empty);
        var confinement = Keeper().Prepare("s", new ProcessLimits(Memory: 100 << 20, Processes: 9), mark)!;
        Assert.Equal((100 << 20).ToString(CultureInfo.InvariantCulture), File.ReadAllText(Path.Combine(group, "memory.max")));
        Assert.Equal("9", File.ReadAllText(Path.Combine(group, "pids.max")));
        Assert.Equal("1", File.ReadAllText(Path.Combine(group, "memory.oom.group")));
        Assert.Equal("0", File.ReadAllText(Path.Combine(group, "memory.swap.max")));
        confinement.Apply(4711);
        Assert.Equal("4711", File.ReadAllText(Path.Combine(group, "cgroup.procs")));

        var killed = new ChildExit(null, 9);
        Assert.Equal(killed, confinement.Explain(killed));
        File.WriteAllText(Path.Combine(group, "memory.events"), "low 0\nhigh 0\nmax 7\noom 1\noom_kill 2\noom_group_kill 1\n");
        Assert.Equal("ended by signal 9 (it went over limits.memory = 100MiB)", confinement.Explain(killed).ToString());
        File.WriteAllText(Path.Combine(group, "pids.events"), "max 3\n");
        Assert.Contains("it reached limits.processes = 9", confinement.Explain(killed).ToString(), StringComparison.Ordinal);
        Assert.Empty(_said);
    }

    [Fact]
    public void Prepare_NoLimits_LooksForNothing() =>
        Assert.Null(new LimitKeeper(() => throw new InvalidOperationException(), _said.Enqueue).Prepare("s", ProcessLimits.None, "m"));

    private LimitKeeper Keeper() => new(() => (CgroupHome.TryOpen(_folder.FullName, [], out var why), why), _said.Enqueue);

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
