using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Mimir.Supervisor.Fakes;
using Mimir.Supervisor.Orphans;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Orphans;

public sealed class OrphanSweepTests : IDisposable
{
    // A guard that is no shell never stands, so that what is killed leaves its children behind for certain.
    private const string NoGuard = "/bin/false";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory();
    private readonly ConcurrentQueue<string> _said = [];

    private StateFolder State => new(Path.Combine(_home.FullName, "mimir"));

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task RunAsync_HostKilledWithEveryShapeRunning_EndsThemAllAndSaysSoInOneLine()
    {
        var token = ForkShape.NewToken();
        using var host = Host("host-told", token, NoGuard);
        Assert.Equal("up", await host.ReadLineAsync());
        Assert.True(await Processes.EventuallyAsync(
            () => Processes.Carrying(token).Count >= ForkShape.All.Where(shape => shape.IsTold).Sum(shape => shape.Processes), Run.Patience), "the shapes did not unfold");
        await KillAsync(host);
        Assert.NotEmpty(Processes.Carrying(token));

        await SweepAsync();

        Assert.Equal("", Processes.Describe(Processes.Carrying(token)));
        var line = Assert.Single(_said);
        Assert.Contains($"process {host.Process.Id}", line, StringComparison.Ordinal);
        Assert.Contains("leader that ignores everything", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.All(InstanceFolder.All(State), folder => Assert.Empty(folder.ReadChildren()));
    }

    [Fact]
    public async Task RunAsync_HostThatRuns_TouchesNothing()
    {
        var token = ForkShape.NewToken();
        using var host = Host("host-told", token, NoGuard);
        Assert.Equal("up", await host.ReadLineAsync());
        var before = Processes.Carrying(token).ToHashSet();
        var children = Assert.Single(InstanceFolder.All(State)).ReadChildren();

        await SweepAsync();

        Assert.Empty(_said);
        Assert.Subset(Processes.Carrying(token).ToHashSet(), before.Where(id => children.Values.Any(child => child.Id == id)).ToHashSet());
        Assert.Equal(children.Keys.Order(), Assert.Single(InstanceFolder.All(State)).ReadChildren().Keys.Order());
        await KillAsync(host);
        await SweepAsync();
        Assert.Empty(Processes.Carrying(token));
    }

    [Fact]
    public async Task RunAsync_HostKilledBetweenForkAndExec_EndsWhatStoodAtTheGate()
    {
        var token = ForkShape.NewToken();
        using var host = Host("stand", token, NoGuard);
        Assert.True(await Processes.EventuallyAsync(() => host.Process.HasExited, Run.Patience));
        Assert.NotEmpty(Processes.Carrying(token));
        Assert.Equal(0, Assert.Single(Assert.Single(InstanceFolder.All(State)).ReadChildren().Values).Id);

        await SweepAsync();

        Assert.Equal("", Processes.Describe(Processes.Carrying(token)));
        Assert.Single(_said);
        Assert.Empty(InstanceFolder.All(State));
    }

    [Fact]
    public async Task RunAsync_NumberBelongsToAnotherProcessNow_LeavesThatAlone()
    {
        using var stranger = Process.Start("setsid", ["sleep", "1000"]);
        Assert.True(await Processes.EventuallyAsync(() => Processes.Group(stranger.Id) == stranger.Id, Run.Patience));
        var now = Identities.Of(stranger.Id)!;
        var folder = Dead(new ChildRecord("reused", now.Id, now.Started - 1));

        await SweepAsync();

        Assert.True(Processes.IsAlive(stranger.Id));
        Assert.Empty(_said);
        Assert.False(Directory.Exists(folder.Path));
        stranger.Kill();
        await stranger.WaitForExitAsync();
    }

    [Fact]
    public async Task RunAsync_NumbersOfAnotherBoot_MeanNobodyHere()
    {
        using var stranger = Process.Start("sleep", ["1000"]);
        var now = Identities.Of(stranger.Id)!;
        var folder = Dead(new ChildRecord("of another boot", now.Id, now.Started), world: "another boot");

        await SweepAsync();

        Assert.True(Processes.IsAlive(stranger.Id));
        Assert.Empty(_said);
        Assert.False(Directory.Exists(folder.Path));
        stranger.Kill();
        await stranger.WaitForExitAsync();
    }

    [Fact]
    public async Task RunAsync_OwnerInAnotherContainerHoldsItsLock_TouchesNothing()
    {
        var folder = Dead(new ChildRecord("elsewhere", 1, 1), world: "another container");
        using (PrivateFile.Open(folder.Lock, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            await SweepAsync();
            Assert.Single(folder.ReadChildren());
        }

        await SweepAsync();
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task RunAsync_AMimirThatADeadOneStarted_IsSparedWithItsChildren()
    {
        var token = ForkShape.NewToken();
        var dead = Dead();
        var script = $"MIMIR_INSTANCE={dead.Id} exec \"$@\"";
        using var host = new FakeHost(script, ["host-told", token, NoGuard], _home.FullName);
        Assert.Equal("up", await host.ReadLineAsync());
        var leaders = InstanceFolder.All(State).SelectMany(folder => folder.ReadChildren().Values).Where(child => child.Id != 0).ToList();
        PrivateFile.Replace(dead.Child("m"), Json(new ChildRecord("terminal", int.MaxValue, 1)));

        await SweepAsync();

        Assert.Empty(_said);
        Assert.False(host.Process.HasExited);
        Assert.Contains(leaders, child => Processes.IsAlive(child.Id));
        await KillAsync(host);
        await SweepAsync();
        Assert.Empty(Processes.Carrying(token));
    }

    [Fact]
    public async Task RunAsync_WeAreOfTheDeadOnesHouse_LeavesItToAnother()
    {
        var folder = Dead(new ChildRecord("server", 1, 1));
        await new OrphanSweep(State, TimeProvider.System, _said.Enqueue, $"outer.{folder.Id}").RunAsync(CancellationToken.None);
        Assert.Single(folder.ReadChildren());
    }

    [Fact]
    public async Task RunAsync_SeveralHaveEnded_KeepsTheLogsOfTheNewestOnly()
    {
        var folders = Enumerable.Range(0, 3).Select(i => Dead(since: i)).ToList();
        foreach (var folder in folders)
            Directory.CreateDirectory(Path.Combine(folder.Logs, "server"));

        await SweepAsync();

        Assert.Equal(folders[2].Path, Assert.Single(InstanceFolder.All(State)).Path);
        Assert.True(folders[2].HasLogs);
        Assert.Empty(_said);
    }

    [Fact]
    public async Task RunAsync_FolderThatIsJustBeingMade_StaysUntilItIsOld()
    {
        var folder = new InstanceFolder(Path.Combine(State.Instances, "new"));
        State.Make();
        folder.Make();
        await SweepAsync();
        Assert.True(Directory.Exists(folder.Path));
        Directory.SetLastWriteTimeUtc(folder.Path, DateTime.UtcNow - TimeSpan.FromHours(2));
        await SweepAsync();
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task RunAsync_RecordsThatAreNoJson_DoNoHarm()
    {
        var folder = Dead();
        File.WriteAllText(folder.Child("garbage"), "{");
        await SweepAsync();
        Assert.False(Directory.Exists(folder.Path));
        Assert.Empty(_said);
    }

    private FakeHost Host(params string[] arguments) => new(null, arguments, _home.FullName);

    private Task SweepAsync() => new OrphanSweep(State, TimeProvider.System, _said.Enqueue, null).RunAsync(CancellationToken.None);

    /// <summary>The folder of a Mimir that is gone.</summary>
    private InstanceFolder Dead(ChildRecord? child = null, string? world = null, long since = 0)
    {
        State.Make();
        var folder = new InstanceFolder(Path.Combine(State.Instances, Guid.NewGuid().ToString("N")));
        folder.Make();
        var owner = new OwnerRecord(new ProcessIdentity(Environment.ProcessId, 1, world ?? Identities.World), since);
        PrivateFile.Replace(folder.Owner, JsonSerializer.SerializeToUtf8Bytes(owner, RegistryJson.Default.OwnerRecord));
        if (child is not null)
            PrivateFile.Replace(folder.Child("mark"), Json(child));
        return folder;
    }

    private static byte[] Json(ChildRecord child) => JsonSerializer.SerializeToUtf8Bytes(child, RegistryJson.Default.ChildRecord);

    private static async Task KillAsync(FakeHost host)
    {
        host.Kill();
        await host.Process.WaitForExitAsync().WaitAsync(Run.Patience);
    }
}
