using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>
/// X17: the disk that the router keeps its registry of children and the logs of servers on is full, takes nothing, or does not come back
/// from a call. Servers go on talking, and some are started just then.
/// </summary>
internal sealed class FailingDisk() : Fault("X17", "the disk of the state folder full, read-only, hanging", 10_000)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly List<string> _pipes = [];
    private Disk? _disk;

    /// <inheritdoc/>
    public override bool MayFail => false;

    /// <inheritdoc/>
    public override string? Excuse(Transport transport, Phase phase) => Disk.IsPossible ? null : "nothing can be mounted by whoever runs this";

    /// <inheritdoc/>
    public override void Configure(Config config, Transport transport, Account account, TempFolder folder) =>
        config.Variable("XDG_STATE_HOME", (_disk = new Disk(folder.File("disk"))).Path);

    /// <inheritdoc/>
    public override void Release() => _disk?.Dispose();

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        var kind = scene.Account.Next(3);
        if (kind == 0) _disk!.Fill();
        else if (kind == 1) _disk!.Replace(isReadOnly: true);
        else Hang();
        if (scene.Phase == Phase.ShuttingDown) return;

        // Nothing is open while it is idle, so that it is started anew with the next call.
        if (scene.Phase == Phase.Idle) await scene.Bed.Victim.DropAsync();
        if (scene.Phase == Phase.Idle) await scene.Bed.Victim.MendAsync();
        await TalkAsync(scene, kind == 2 ? 30 : 1);
        if (kind == 0) await SaidAsync(scene);
    }

    /// <inheritdoc/>
    public override async Task MendAsync(Scene scene)
    {
        foreach (var pipe in _pipes)
        {
            // Who waits for it to be opened goes on, and finds that it is no file.
            using (new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) await Task.Delay(20);
            File.Delete(pipe);
        }

        _pipes.Clear();
        _disk!.Mend();
        await base.MendAsync(scene);
    }

    /// <summary>Puts a pipe that nobody reads where each log goes on, once a megabyte was written: to open it takes for ever.</summary>
    private void Hang()
    {
        foreach (var file in Directory.GetFiles(_disk!.Path, "*.log", SearchOption.AllDirectories))
        {
            var next = int.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture) + 1;
            var pipe = Path.Combine(Path.GetDirectoryName(file)!, next.ToString("D6", System.Globalization.CultureInfo.InvariantCulture) + ".log");
            if (File.Exists(pipe)) continue;
            if (Posix.MakePipe(pipe, 0x180) != 0) throw new IOException($"{pipe} cannot be made");
            _pipes.Add(pipe);
        }
    }

    /// <summary>Has both servers write to stderr; what is kept of it is 64 KiB each tenth of a second.</summary>
    private static async Task TalkAsync(Scene scene, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.WhenAll(
                scene.Bed.Actors[0].ProvokeAsync(scene.NeighbourOrder(), "\"how\":\"stderr\",\"bytes\":200000"),
                scene.Bed.Actors[1].ProvokeAsync(scene.Order(), "\"how\":\"stderr\",\"bytes\":200000"));
            if (times > 1) await Task.Delay(100);
        }
    }

    /// <summary>Waits until the router has said, at some time, that logs cannot be kept.</summary>
    private static async Task SaidAsync(Scene scene)
    {
        for (var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; !scene.Bed.Router.Words.Contains("stderr cannot be kept", StringComparison.Ordinal); await Task.Delay(20))
        {
            if (Environment.TickCount64 < end) continue;
            scene.Account.Fault(Wrong.Left, "the router does not say that logs cannot be kept");
            return;
        }
    }
}
