using Mimir.Faults.World;

namespace Mimir.Faults.Kinds;

/// <summary>X08: before and after each true answer stands one to an id that nobody waits for, or one given twice; answers come in any order.</summary>
internal sealed class Liar() : Fault("X08", "answers to unknown, stale, null, mistyped and repeated ids; any order", 100_000)
{
    private static readonly string[] s_ways = ["twice", "strangers", "foreignProgress"];

    /// <inheritdoc/>
    public override int Least => 100;

    /// <inheritdoc/>
    public override string Script => "\"lies\":true";

    /// <inheritdoc/>
    public override bool MayFail => false;

    /// <inheritdoc/>
    public override Task StrikeAsync(Scene scene) => scene.Phase is Matrix.Phase.Handshake or Matrix.Phase.ShuttingDown
        ? Task.CompletedTask
        : Task.WhenAll(scene.Bed.Actors.Select(a => a.ProvokeAsync(scene.Order(), $"\"how\":\"{scene.Account.Pick(s_ways)}\"")));
}
