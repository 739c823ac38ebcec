using Mimir.Faults.Matrix;
using Mimir.Faults.World;

namespace Mimir.Faults.Kinds;

/// <summary>X10: text, control characters, blank and half lines between all frames, a flooded stderr, and a line that never ends.</summary>
internal sealed class Noise() : Fault("X10", "noise between frames, flooded stderr, a line or event without end", 10_000)
{
    /// <inheritdoc/>
    public override int Least => 40;

    /// <inheritdoc/>
    public override string Script => "\"garbageEvery\":2,\"halfLines\":true,\"stderrBytes\":300000";

    /// <inheritdoc/>
    public override string Limits => ",\"maxMessageBytes\":1048576";

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        if (scene.Phase is Phase.Handshake) return;

        // A line without end ends its child, and with it what was open there; an event without end only its own call.
        var how = scene.Account.Next(3) switch
        {
            0 => "\"how\":\"endless\"",
            1 => $"\"how\":\"stderr\",\"bytes\":{scene.Settings.Of(1 << 30, 1 << 20)}",
            _ => scene.Transport.IsPipe() ? "\"how\":\"garbage\"" : "\"how\":\"stderr\",\"bytes\":100000",
        };
        await scene.Bed.Actors[scene.Account.Next(scene.Bed.Actors.Length)].ProvokeAsync(scene.Order(), how);
    }
}
