using System.Collections.Concurrent;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Limits;

public sealed class LimitTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory();

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartAsync_OpenFilesAndMemory_HoldFromTheFirstInstantAndAreInherited(bool withState)
    {
        await using var host = new ProcessHost(state: withState ? new StateFolder(Path.Combine(_home.FullName, "mimir")) : null);
        var model = Run.Shell("ulimit -n; ulimit -Hn; ulimit -d; (ulimit -n)") with { Limits = new ProcessLimits(Memory: 64 << 20, OpenFiles: 77) };
        for (var i = 0; i < 20; i++)
            Assert.Equal("77\n77\n65536\n77\n", (await host.OutputAsync(model)).Text());
        Assert.NotEqual("77\n", (await host.OutputAsync(Run.Shell("ulimit -n"))).Text());
    }

    [Fact]
    public async Task Exited_ServerThatWantsAllMemory_FailsAloneAndSaysWhatItRanUnder()
    {
        await using var host = new ProcessHost();
        await using var neighbour = await host.StartAsync(Run.Model("cat"));
        await using var hungry = await host.StartAsync(
            Run.Shell("tail /dev/zero; exit 9") with { Limits = new ProcessLimits(Memory: 32 << 20) });
        var exit = await hungry.Exited.WaitAsync(Run.Patience);
        Assert.Equal(9, exit.Code);
        Assert.Contains("limits.memory = 32MiB", exit.ToString(), StringComparison.Ordinal);
        neighbour.Line.WriteAll("well\n"u8);
        var buffer = new byte[64];
        Assert.Equal("well\n", buffer[..neighbour.Line.Read(buffer)].Text());
    }

    [Fact]
    public async Task Exited_Well_SaysNothingOfLimits()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("exit 0") with { Limits = new ProcessLimits(OpenFiles: 64) });
        Assert.Equal(new ChildExit(0, null), await child.Exited.WaitAsync(Run.Patience));
    }

    [Fact]
    public async Task StartAsync_OpenFilesAboveWhatWeMayHave_KeepsWhatWeMayHave()
    {
        await using var host = new ProcessHost();
        var ours = (await host.OutputAsync(Run.Shell("ulimit -Hn"))).Text();
        Assert.Equal(ours, (await host.OutputAsync(Run.Shell("ulimit -Hn") with { Limits = new ProcessLimits(OpenFiles: 1_000_000_000) })).Text());
    }

    [Fact]
    public async Task StartAsync_WhatTheSystemCannotKeep_IsSaidOnceForEachServerWithItsKey()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the system counts the processes of everybody but root");
        var said = new ConcurrentQueue<string>();
        await using var host = new ProcessHost(null, said.Enqueue);
        var model = Run.Shell("echo ran") with { Limits = new ProcessLimits(Processes: 5) };
        foreach (var name in (string[])["one", "one", "two"])
        {
            await using var child = await host.StartAsync(name, model, CancellationToken.None);
            Assert.Equal("ran\n", (await child.Line.ReadAllAsync().WaitAsync(Run.Patience)).Text());
        }

        Assert.SkipWhen(said.IsEmpty, "this machine gives us a cgroup");
        Assert.Equal(2, said.Count);
        Assert.All(said, text => Assert.Contains("limits.processes", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(100, true)]
    public async Task Exited_ProcessesOfAUser_CannotBeMoreThanTheLimitAllows(int limit, bool all)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "to become another user takes root and setpriv");
        const string Somebody = "exec setpriv --reuid=64123 --regid=64123 --clear-groups --inh-caps=-all --bounding-set=-all \"$@\"";
        File.SetUnixFileMode(_home.FullName, (UnixFileMode)0b111_111_111);
        using var host = new FakeHost(Somebody, ["limited", $"{limit}"], _home.FullName);
        var said = await host.Process.StandardOutput.ReadToEndAsync().WaitAsync(Run.Patience);
        Assert.SkipWhen(said.Length == 0, "the program cannot be read by another user here");
        Assert.Equal(all, said.Contains("exited with code 0", StringComparison.Ordinal));
        if (!all)
            Assert.Contains($"limits.processes = {limit}", said, StringComparison.Ordinal);
    }
}
