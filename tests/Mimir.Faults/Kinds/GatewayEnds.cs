using System.Diagnostics;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>X16: the router itself is ended or killed at a random moment, as the system does when memory is short, or has nothing left to go on with.</summary>
internal sealed class GatewayEnds() : Fault("X16", "the router: SIGTERM, SIGINT, SIGHUP, SIGKILL, out of memory, no descriptors left, no processes left", 20_000)
{
    private const int Int = 2, Hup = 1;

    /// <summary>Stands for no signal: it is left no memory.</summary>
    private const int NoMemory = 0;

    // What we were told to ignore ourselves, as under nohup, whoever we start ignores as well, and rightly so.
    private static readonly int[] s_signals = [.. new[] { Posix.Term, Int, Hup, Posix.Kill9 }.Where(s => (Ignored() & (1ul << (s - 1))) == 0)];

    /// <inheritdoc/>
    public override int Least => 12;

    /// <inheritdoc/>
    public override string Script => "\"ignoreEof\":true,\"ignoreTerm\":true";

    /// <inheritdoc/>
    public override bool NeedsOwnBed => true;

    /// <inheritdoc/>
    public override bool EndsRouter(Phase phase) => phase != Phase.Idle;

    /// <inheritdoc/>
    public override bool IsRepeated(Phase phase) => EndsRouter(phase);

    /// <inheritdoc/>
    public override void Configure(Config config, Transport transport, Account account, TempFolder folder)
    {
        if (account.Cell.Phase == Phase.Idle) Starvation.Configure(config);
    }

    /// <inheritdoc/>
    public override async Task RunAsync(Scene scene)
    {
        if (scene.Phase == Phase.Idle)
        {
            await Starvation.DescriptorsAsync(scene);
            await Starvation.TasksAsync(scene);
            return;
        }

        if (scene.Phase == Phase.Handshake) await scene.Bed.Victim.DropAsync();
        if (scene.Phase == Phase.Handshake) await scene.Bed.Victim.MendAsync();
        var open = scene.Open(() => scene.Order(scene.Account.Next(400), scene.Phase == Phase.Streaming ? 3 : 0) with { MayBreak = true });
        var before = scene.Bed.Router.Marker.Living();
        await scene.MomentAsync(200);

        // Who was told to stop already has other worries, and is not asked for anything that takes memory.
        var signal = scene.Phase == Phase.ShuttingDown ? scene.Account.Pick(s_signals) : scene.Account.Pick([.. s_signals, NoMemory]);
        if (scene.Phase == Phase.ShuttingDown)
        {
            // It was told already; the next signal may not make anything worse.
            _ = Posix.Kill(scene.Bed.Router.Process.Id, Posix.Term);
            await scene.MomentAsync(100);
        }

        scene.Account.Strike();
        if (signal == NoMemory) await Starvation.MemoryAsync(scene);
        var begun = Stopwatch.GetTimestamp();
        _ = Posix.Kill(scene.Bed.Router.Process.Id, signal == NoMemory ? Posix.Kill9 : signal);
        await Task.WhenAll(open);
        var limit = Drill.Stop + scene.Settings.Slack;
        var left = await scene.Bed.Router.Marker.GoneAsync(limit);
        scene.Account.Resources = $"{Name(signal)}: {before.Count} processes gone after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s";
        if (left.Count > 0) scene.Account.Fault(Wrong.Left, $"after the router's {Name(signal)}: {string.Join("; ", left)}");
    }

    private static string Name(int signal) => signal == NoMemory ? "end without memory" : $"signal {signal}";

    private static ulong Ignored() => Convert.ToUInt64(
        File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))?.Split('\t')[1] ?? "0", 16);
}
