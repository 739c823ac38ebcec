using Mimir.Faults.Matrix;
using Mimir.Faults.World;

namespace Mimir.Faults.Kinds;

/// <summary>X03: a child closes its stdout or its stdin and lives on.</summary>
internal sealed class ClosedPipe() : Fault("X03", "closes stdout or stdin and lives on", 2_000)
{
    private static readonly string[] s_ways = ["closeOutput", "closeInput"];

    /// <inheritdoc/>
    public override string Script => "\"ignoreEof\":true";

    /// <inheritdoc/>
    public override TimeSpan Call => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override bool IsDeadly => true;

    /// <inheritdoc/>
    public override string? Excuse(Transport transport, Phase phase) => !transport.IsPipe() ? "only a child has pipes"
        : phase == Phase.Handshake ? "the server has to be told, which takes a connection; X04 closes it there" : null;

    /// <inheritdoc/>
    public override Task StrikeAsync(Scene scene) =>
        Task.WhenAll(scene.Bed.Actors.Select(a => a.ProvokeAsync(scene.Order(), $"\"how\":\"{scene.Account.Pick(s_ways)}\"")));
}
