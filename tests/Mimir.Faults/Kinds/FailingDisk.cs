using System.Globalization;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>
/// X17: the disk that the router keeps its registry of children, the audit log and the logs of servers on is full, takes nothing, or does not come back
/// from a call. Servers go on talking, and some are started just then.
/// </summary>
internal sealed class FailingDisk() : Fault("X17", "the disk of the state folder full, read-only, hanging", 10_000)
{
    private const int MostUsedUp = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly List<string> _pipes = [];
    private Disk? _disk;
    private volatile bool _isSaid, _isAuditSaid;

    /// <inheritdoc/>
    public override bool MayFail => false;

    /// <inheritdoc/>
    public override string? Excuse(Transport transport, Phase phase) => Disk.IsPossible ? null : "nothing can be mounted by whoever runs this";

    /// <inheritdoc/>
    public override void Configure(Config config, Transport transport, Account account, TempFolder folder)
    {
        (_isSaid, _isAuditSaid) = (false, false);
        _disk = new Disk(folder.File("disk"));
        config.Variable("XDG_STATE_HOME", _disk.Path);
    }

    /// <inheritdoc/>
    public override void Release() => _disk?.Dispose();

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        scene.Bed.Router.OnWords = line =>
        {
            _isSaid |= line.Contains("stderr cannot be kept", StringComparison.Ordinal);
            _isAuditSaid |= line.Contains("The audit log", StringComparison.Ordinal) && line.Contains("cannot be written", StringComparison.Ordinal);
        };
        var kind = scene.Account.Next(3);
        if (kind == 0) _disk!.Fill();
        else if (kind == 1) _disk!.Replace(isReadOnly: true);
        else Hang();
        if (scene.Phase == Phase.ShuttingDown) return;

        // Nothing is open while it is idle, so that it is started anew with the next call.
        if (scene.Phase == Phase.Idle) await scene.Bed.Victim.DropAsync();
        if (scene.Phase == Phase.Idle) await scene.Bed.Victim.MendAsync();
        await TalkAsync(scene, kind == 2 ? 30 : 1);
        if (kind == 0 && !_disk!.WasReplaced) await SaidAsync(scene, () => _isSaid, "logs");
        if (kind == 1) await SaidAsync(scene, () => _isAuditSaid, "the audit log");
    }

    /// <inheritdoc/>
    public override async Task MendAsync(Scene scene)
    {
        foreach (var pipe in _pipes)
        {
            try
            {
                // Who waits for it to be opened goes on, and finds that it is no file.
                using (new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) await Task.Delay(20);
                File.Delete(pipe);
            }
            catch (FileNotFoundException)
            {
                // The router had gone on behind it, and took it away as the oldest of a log.
            }
        }

        _pipes.Clear();
        _disk!.Mend();
        await base.MendAsync(scene);
    }

    /// <summary>
    /// Puts pipes that nobody reads where each log goes on, once a megabyte was written: to open one takes for ever. Several, for a number may
    /// have been used up by what was in the way before.
    /// </summary>
    private void Hang()
    {
        foreach (var folder in Directory.GetDirectories(_disk!.Path, "logs", SearchOption.AllDirectories).SelectMany(Directory.GetDirectories))
        {
            var last = Directory.GetFiles(folder, "*.log").Select(f => int.Parse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
            foreach (var number in Enumerable.Range(last + 1, MostUsedUp))
            {
                var pipe = Path.Combine(folder, number.ToString("D6", CultureInfo.InvariantCulture) + ".log");
                if (Posix.MakePipe(pipe, 0x180) != 0) throw new IOException($"{pipe} cannot be made");
                _pipes.Add(pipe);
            }
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

    /// <summary>Waits until this router has said, at some time, that something cannot be kept: once a minute is often enough.</summary>
    private static async Task SaidAsync(Scene scene, Func<bool> isSaid, string what)
    {
        for (var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; !isSaid(); await Task.Delay(20))
        {
            if (Environment.TickCount64 < end) continue;
            scene.Account.Fault(Wrong.Left, $"the router does not say that {what} cannot be kept");
            return;
        }
    }
}
