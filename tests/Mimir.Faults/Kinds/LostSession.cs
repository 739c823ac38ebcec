using Mimir.Faults.Matrix;
using Mimir.Faults.World;

namespace Mimir.Faults.Kinds;

/// <summary>X13: the server forgets its sessions, is started anew, or comes back in another revision.</summary>
internal sealed class LostSession() : Fault("X13", "sessions forgotten, server restarted, server of another era in its place", 5_000)
{
    /// <inheritdoc/>
    public override int Least => 40;

    /// <inheritdoc/>
    public override string Protocol(Transport transport) => transport == Transport.Sse ? "sse" : "auto";

    /// <inheritdoc/>
    public override string? Excuse(Transport transport, Phase phase) =>
        transport.IsPipe() ? "a child's session is its process, whose end is X01" : null;

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        var victim = scene.Bed.Victim;
        var way = scene.Account.Next(3);
        if (way == 0 && scene.Transport == Transport.Http2025 && scene.Phase is not (Phase.Handshake or Phase.ShuttingDown))
        {
            await scene.Bed.Actors[0].ProvokeAsync(scene.Order(), "\"how\":\"expire\"");
            return;
        }

        if (way == 1 && scene.Transport != Transport.Sse)
            victim.Rescript(victim.Script.Length > 0 ? "" : $"\"era\":\"{(scene.Transport.IsModern() ? "Legacy" : "Modern")}\"");

        await victim.DropAsync();
        await scene.MomentAsync(200);
        await victim.MendAsync();
    }
}
