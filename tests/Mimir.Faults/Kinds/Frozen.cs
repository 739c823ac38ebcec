using Mimir.Faults.Matrix;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>X02: the server is stopped, alive and silent, and goes on when all calls have ended.</summary>
internal sealed class Frozen() : Fault("X02", "SIGSTOP: alive and silent, later SIGCONT", 2_000)
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public override int Least => 20;

    /// <inheritdoc/>
    public override TimeSpan Startup => TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public override TimeSpan Call => TimeSpan.FromSeconds(1.5);

    /// <inheritdoc/>
    public override TimeSpan ListGrace => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override TimeSpan DeadlineIn(Phase phase) => phase switch
    {
        // Progress that still came begins the wait anew.
        Phase.Streaming => Call + TimeSpan.FromMilliseconds(350),
        _ => Call,
    };

    /// <inheritdoc/>
    public override Task StrikeAsync(Scene scene)
    {
        scene.Bed.Victim.Signal(Posix.Stop);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task MendAsync(Scene scene)
    {
        // Once in a long run it stays silent for as long as the matrix has it.
        if (scene.Settings.Scale >= 1 && scene.Account.Strikes == 1) await Task.Delay(s_long);
        scene.Bed.Victim.Signal(Posix.Continue);
    }
}
