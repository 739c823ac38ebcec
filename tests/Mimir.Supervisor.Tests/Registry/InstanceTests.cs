using System.Collections.Concurrent;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Registry;

public sealed class InstanceTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory();

    private StateFolder State => new(Path.Combine(_home.FullName, "mimir"));

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task StartAsync_WithAStateFolder_EntersTheChildByIdentityUntilItIsGone()
    {
        var host = new ProcessHost(state: State);
        var child = await host.StartAsync(Run.Model("cat"));
        var folder = Assert.Single(InstanceFolder.All(State));
        var owner = folder.ReadOwner()!;
        Assert.Equal(Identities.Of(Environment.ProcessId), owner.Process);
        Assert.True(folder.IsAlive(owner));
        var record = Assert.Single(folder.ReadChildren()).Value;
        Assert.Equal(new ChildRecord("test", child.ProcessId, Identities.Of(child.ProcessId)!.Started), record);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "gate-*"));
        await child.DisposeAsync();
        Assert.Empty(folder.ReadChildren());
        await host.DisposeAsync();
    }

    [Fact]
    public async Task StartAsync_WithAStateFolder_EntersTheChildBeforeItsProgramRuns()
    {
        await using var host = new ProcessHost(state: State);

        // The program looks for its own number in the registry as its first deed; many times, for it would be a race otherwise.
        for (var i = 0; i < 50; i++)
        {
            var script = $"cat {State.Instances}/*/children/*";
            var seen = (await host.OutputAsync(Run.Shell($"echo $$; {script}"))).Text();
            Assert.Contains($"\"id\":{seen[..seen.IndexOf('\n')]},", seen, StringComparison.Ordinal);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAsync_StateFolderGoesWhileTheChildStandsAtItsGate_RunsAllTheSame(bool comesBackAsAFile)
    {
        await using var host = new ProcessHost(state: State)
        {
            Made = _ =>
            {
                Directory.Delete(State.Path, recursive: true);
                if (comesBackAsAFile)
                    File.WriteAllText(State.Path, "in the way");
            },
        };

        // On a thread of the pool: what would stand there for ever is to fail the test and not to end it.
        Assert.Equal("hello\n", (await Task.Run(() => host.OutputAsync(Run.Shell("echo hello"))).WaitAsync(Run.Patience)).Text());
    }

    [Fact]
    public async Task StartAsync_WhatCannotRun_LeavesNoRecord()
    {
        await using var host = new ProcessHost(state: State);
        await using var other = await host.StartAsync(Run.Model("cat"));
        var file = Path.Combine(_home.FullName, "no-program");
        File.WriteAllText(file, "neither");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        // The log of the other is opened with its first line, behind its back.
        Assert.True(await Processes.EventuallyAsync(
            () => Directory.EnumerateFiles(State.Path, "*.log", SearchOption.AllDirectories).Any(), Run.Patience));
        var before = Processes.OpenDescriptors();
        for (var i = 0; i < 20; i++)
            await Assert.ThrowsAsync<ProcessStartException>(async () => await host.StartAsync(Run.Model(file)));
        Assert.Single(Assert.Single(InstanceFolder.All(State)).ReadChildren());
        Assert.Equal(before, Processes.OpenDescriptors());
        Assert.Empty(Directory.EnumerateFiles(Assert.Single(InstanceFolder.All(State)).Path, "gate-*"));
    }

    [Fact]
    public async Task StartAsync_ManyAtOnce_GivesEachItsOwnNumber()
    {
        await using var host = new ProcessHost(state: State);
        var children = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => host.StartAsync(Run.Model("cat")).AsTask()));
        var records = Assert.Single(InstanceFolder.All(State)).ReadChildren().Values;
        Assert.Equal(children.Select(child => child.ProcessId).Order(), records.Select(record => record.Id).Order());
        await Task.WhenAll(children.Select(child => child.StopAsync(immediately: true)));
    }

    [Fact]
    public async Task TryCreate_Everything_IsClosedToOthers()
    {
        Directory.CreateDirectory(State.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        await using var host = new ProcessHost(state: State);
        await using var child = await host.StartAsync(Run.Shell("echo x >&2; exec cat"));
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(State.Path) & Others);
        Assert.All(
            Directory.EnumerateFileSystemEntries(State.Path, "*", SearchOption.AllDirectories),
            path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others));
    }

    [Fact]
    public async Task StartAsync_StateFolderCannotBeMade_GoesOnWithoutAndSaysSoOnce()
    {
        var said = new ConcurrentQueue<string>();
        var file = Path.Combine(_home.FullName, "file");
        File.WriteAllText(file, "");
        await using var host = new ProcessHost(null, said.Enqueue, new StateFolder(Path.Combine(file, "mimir")));
        Assert.Equal("out\n", (await host.OutputAsync(Run.Shell("echo out"))).Text());
        Assert.Equal("out\n", (await host.OutputAsync(Run.Shell("echo out"))).Text());
        Assert.Contains("XDG_STATE_HOME", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void ForUser_VariousEnvironments_FollowsTheSystem()
    {
        Assert.Equal("/s/mimir", Find(("XDG_STATE_HOME", "/s"), ("HOME", "/h")));
        Assert.EndsWith("/mimir", Find(("XDG_STATE_HOME", "relative"), ("HOME", "/h")), StringComparison.Ordinal);
        Assert.StartsWith("/h/", Find(("HOME", "/h")), StringComparison.Ordinal);
        Assert.Null(Find());
    }

    private static string? Find(params (string Name, string Value)[] variables) =>
        StateFolder.ForUser(name => variables.FirstOrDefault(variable => variable.Name == name).Value)?.Path;
}
