using Mimir.Faults.Matrix;
using Mimir.Faults.World;
using Mimir.Functional.Harness;
using Mimir.Wicked;

namespace Mimir.Faults.Kinds;

/// <summary>X12: a child that has left processes behind, of every shape, is killed. Nobody of its family may outlive it.</summary>
internal sealed class Forker() : Fault("X12", "children with children of seven shapes, killed, also while they fork", 6_000)
{
    private static readonly Grandchild[] s_shapes = Enum.GetValues<Grandchild>();

    /// <inheritdoc/>
    public override int Least => 44;

    /// <inheritdoc/>
    public override bool IsDeadly => true;

    /// <inheritdoc/>
    public override string? Excuse(Transport transport, Phase phase) => !transport.IsPipe() ? "processes of a server behind a URL are not ours"
        : phase == Phase.Handshake ? "the server has to be told to fork, which takes a connection" : null;

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        Task[] forks = [.. scene.Bed.Actors.Select(a => a.ProvokeAsync(scene.Order(), $"\"how\":\"fork\",\"kind\":\"{scene.Account.Pick(s_shapes)}\""))];

        // Sometimes in the very moment.
        if (scene.Account.Next(3) > 0) await Task.WhenAll(forks);
        else await scene.MomentAsync(10);
        scene.Account.Strike();
        scene.Bed.Victim.Signal(Posix.Kill9);
        await Task.WhenAll(forks);
    }
}
