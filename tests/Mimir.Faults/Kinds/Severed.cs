using Mimir.Faults.Matrix;
using Mimir.Faults.Network;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;

namespace Mimir.Faults.Kinds;

/// <summary>X06: an answer is cut at a byte, and the connection is reset, closed, closed late, or silent from there on.</summary>
internal sealed class Severed() : Fault("X06", "reset, closed, closed late, black hole, at each byte of an answer of 2 KB", 8_192)
{
    private const int Bytes = 2_048;
    private static readonly CutKind[] s_kinds = Enum.GetValues<CutKind>();
    private static readonly string[] s_ends = ["Kill", "Exit", "Close", "Hang"];

    /// <inheritdoc/>
    public override int Least => 16;

    /// <inheritdoc/>
    public override bool NeedsNetwork => true;

    /// <inheritdoc/>
    public override TimeSpan Startup => TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public override TimeSpan Call => TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public override bool IsSlow => true;

    /// <inheritdoc/>
    public override int PartsIn(Phase phase) => phase is Phase.Idle or Phase.ShuttingDown ? 1 : 8;

    /// <inheritdoc/>
    public override TimeSpan ListGrace => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        // Outside an answer there is no byte to cut at: everything that stands ends.
        if (!scene.Transport.IsPipe())
        {
            scene.Bed.Link.CutAll(scene.Account.Pick(s_kinds));
            return;
        }

        await Task.WhenAll(scene.Bed.Actors.Select(a => a.CallAsync(scene.Order() with
        {
            Cut = $"\"cut\":{{\"at\":{scene.Account.Next(20)},\"then\":\"{scene.Account.Pick(s_ends)}\"}},",
        })));
    }

    /// <inheritdoc/>
    public override async Task MendAsync(Scene scene)
    {
        if (scene.Transport.IsPipe())
        {
            scene.Bed.Victim.Rescript("");
            await scene.Bed.Victim.DropAsync();
            return;
        }

        scene.Bed.Link.Disarm();
        scene.Bed.Link.CutAll(CutKind.Reset);
    }

    /// <inheritdoc/>
    public override Task RunAsync(Scene scene) => scene.Phase switch
    {
        Phase.InFlight or Phase.Streaming => CutCallsAsync(scene),
        Phase.Handshake => CutMethodAsync(scene, scene.Transport.IsModern() ? "server/discover" : "initialize"),
        Phase.Listing => CutMethodAsync(scene, "tools/list"),
        _ => Drill.RunAsync(scene),
    };

    /// <summary>One call at a time, the clients in turn, its answer cut at the next byte. A run of scale 1 cuts at every byte in every way.</summary>
    private static async Task CutCallsAsync(Scene scene)
    {
        var begin = scene.Account.Next(Bytes);
        var (next, end) = (scene.Calls * scene.Settings.Part, scene.Calls * (scene.Settings.Part + 1));
        while (next < end && scene.Account.Wrongs < 50)
        {
            var neighbour = scene.NeighbourAsync();
            foreach (var actor in scene.Bed.Actors)
            {
                var at = scene.Settings.Scale >= 1 ? next / s_kinds.Length : (begin + (next / scene.Bed.Actors.Length * 1_021)) % (Bytes + 300);

                // Every client meets every way: those of the next byte are one further.
                var kind = (next + (next / s_kinds.Length)) % s_kinds.Length;
                next++;
                var order = scene.Order(0, scene.Phase == Phase.Streaming ? 2 : 0) with { Fill = Bytes - 160 };
                scene.Account.Strike();
                if (scene.Transport.IsPipe())
                {
                    await actor.CallAsync(order with { Cut = $"\"cut\":{{\"at\":{at},\"then\":\"{s_ends[kind]}\"}}," });
                    if (s_ends[kind] == "Hang") await scene.Bed.Victim.DropAsync();
                }
                else
                {
                    var nonce = scene.Account.Nonce();
                    scene.Bed.Link.Arm(nonce, at, s_kinds[kind]);
                    await actor.CallAsync(order with { Nonce = nonce });
                    scene.Bed.Link.Disarm();
                    if (s_kinds[kind] == CutKind.BlackHole) scene.Bed.Link.CutAll(CutKind.Reset);
                }
            }

            if (next % (2 * s_kinds.Length) == 0) await scene.RecoverAsync();
            await neighbour;
        }

        await scene.Fault.MendAsync(scene);
        await scene.RecoverAsync();
    }

    /// <summary>The answer to what the router itself asks is cut, and calls come meanwhile.</summary>
    private static async Task CutMethodAsync(Scene scene, string method)
    {
        for (var round = 0; (round == 0 || scene.Account.Made < scene.Calls) && scene.Account.Wrongs < 50; round++)
        {
            var at = scene.Account.Next(600);
            var kind = scene.Account.Next(s_kinds.Length);
            var neighbour = scene.NeighbourAsync();
            scene.Account.Strike();
            if (scene.Transport.IsPipe())
            {
                scene.Bed.Victim.Rescript($"\"cutMethod\":\"{method}\",\"cutAt\":{at},\"cutThen\":\"{s_ends[kind]}\"");
                await scene.Bed.Victim.DropAsync();
            }
            else
            {
                scene.Bed.Link.Arm($"\"{method}\"", at, s_kinds[kind]);
                await scene.Bed.Victim.DropAsync();
                await scene.Bed.Victim.MendAsync();
                if (scene.Phase == Phase.Listing) await scene.Bed.Actors[0].ProvokeAsync(scene.Order(), "\"how\":\"listChanged\"");
            }

            List<Task> open = [.. scene.Open(() => scene.Order(), 2)];
            if (scene.Phase == Phase.Listing) open.AddRange(scene.Bed.Actors.Select(a => a.ListAsync(scene.Fault.ListGrace + TimeSpan.FromSeconds(1), Bed.WellName + "_ledger")));
            await Task.WhenAll(open);
            await scene.Fault.MendAsync(scene);
            await scene.RecoverAsync();
            await neighbour;
        }
    }
}
