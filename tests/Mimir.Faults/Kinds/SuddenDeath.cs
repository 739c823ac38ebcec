using Mimir.Faults.Matrix;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>X01: the server's process ends.</summary>
internal sealed class SuddenDeath() : Fault("X01", "exit 0, exit 1, SIGSEGV, SIGKILL", 10_000)
{
    // What the wicked server takes as orders to end in that way.
    private const int ExitWell = 10, ExitBadly = 12, Segv = 30;
    private static readonly int[] s_ways = [ExitWell, ExitBadly, Segv, Posix.Kill9];

    /// <inheritdoc/>
    public override bool IsDeadly => true;

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        var signal = scene.Account.Pick(s_ways);
        scene.Bed.Victim.Signal(signal);

        // A process that has not got as far as to know the signal dies of it as well, and one that is about to be started is the next round's.
        if (scene.Transport.IsPipe()) return;
        for (var i = 0; i < 1000 && scene.Bed.Victim.Pids().Count > 0; i++) await Task.Delay(5);

        // It comes back after a while, as what looks after servers has it; in a long run sometimes only when all calls have ended.
        if (scene.Phase == Phase.ShuttingDown || (scene.Settings.Scale > 0 && scene.Account.Next(8) == 0)) return;
        await scene.MomentAsync(400);
        await scene.Bed.Victim.MendAsync();
    }
}
