using Mimir.Faults.Matrix;
using Mimir.Faults.Network;
using Mimir.Faults.World;

namespace Mimir.Faults.Kinds;

/// <summary>X15: other clients of the same server vanish, half close, come in storms, write several requests at once, and read slowly.</summary>
internal sealed class RudeClient() : Fault("X15", "clients that vanish, half close, storm, pipeline, read slowly", 10_000)
{
    private static readonly Func<Stranger, Task>[] s_ways =
        [s => s.VanishAsync(), s => s.HalfCloseAsync(), s => s.StormAsync(), s => s.PipelineAsync(), s => s.ReadSlowlyAsync()];

    /// <inheritdoc/>
    public override int Least => 60;

    /// <inheritdoc/>
    public override bool MayFail => false;

    /// <inheritdoc/>
    public override Task StrikeAsync(Scene scene)
    {
        var stranger = new Stranger(scene);
        return scene.Phase == Phase.ShuttingDown ? stranger.VanishAsync() : Task.WhenAll(s_ways.Select(w => w(stranger)));
    }
}
