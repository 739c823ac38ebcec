using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>X16: the router itself is ended or killed at a random moment, or has no descriptors left.</summary>
internal sealed class GatewayEnds() : Fault("X16", "the router: SIGTERM, SIGINT, SIGHUP, SIGKILL, no descriptors left", 20_000)
{
    private const int Int = 2, Hup = 1;
    // What the router keeps back for itself; its own child processes and threads need some.
    private const int Reserve = 32;

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
    public override async Task RunAsync(Scene scene)
    {
        if (scene.Phase == Phase.Idle)
        {
            await StarveAsync(scene);
            return;
        }

        if (scene.Phase == Phase.Handshake) await scene.Bed.Victim.DropAsync();
        if (scene.Phase == Phase.Handshake) await scene.Bed.Victim.MendAsync();
        var open = scene.Open(() => scene.Order(scene.Account.Next(400), scene.Phase == Phase.Streaming ? 3 : 0) with { MayBreak = true });
        var before = scene.Bed.Router.Marker.Living();
        await scene.MomentAsync(200);
        var signal = scene.Account.Pick(s_signals);
        if (scene.Phase == Phase.ShuttingDown)
        {
            // It was told already; the next signal may not make anything worse.
            _ = Posix.Kill(scene.Bed.Router.Process.Id, Posix.Term);
            await scene.MomentAsync(100);
        }

        scene.Account.Strike();
        var begun = Stopwatch.GetTimestamp();
        _ = Posix.Kill(scene.Bed.Router.Process.Id, signal);
        await Task.WhenAll(open);
        var limit = Drill.Stop + scene.Settings.Slack;
        var left = await scene.Bed.Router.Marker.GoneAsync(limit);
        scene.Account.Resources = $"signal {signal}: {before.Count} processes gone after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s";
        if (left.Count > 0) scene.Account.Fault(Wrong.Left, $"after signal {signal} to the router: {string.Join("; ", left)}");
    }

    private static ulong Ignored() => Convert.ToUInt64(
        File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))?.Split('\t')[1] ?? "0", 16);

    /// <summary>More connections than it may have: those that are there go on, and when the others go all is well.</summary>
    private static async Task StarveAsync(Scene scene)
    {
        var pid = scene.Bed.Router.Process.Id;
        var highest = Directory.GetFileSystemEntries($"/proc/{pid}/fd").Max(f => int.Parse(Path.GetFileName(f), System.Globalization.CultureInfo.InvariantCulture));
        var limit = highest + 12 + Reserve;
        var old = ProcessLimits.Files(pid, limit);
        var sockets = new List<Socket>();
        try
        {
            scene.Account.Strike();
            for (var i = 0; i < limit; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, scene.Bed.Router.Origin!.Port);
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
                {
                    // Closed as soon as it was there. Whether the router itself is gone, the calls tell.
                }
            }

            await Task.WhenAll(scene.Open(() => scene.Order() with { MayBreak = true }, 1));
            var held = Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length;
            scene.Account.Resources = $"{held} of {limit} descriptors taken at the worst";
            if (held > limit - Reserve / 2) scene.Account.Fault(Wrong.Left, scene.Account.Resources + ": clients took what is kept back");
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
            _ = ProcessLimits.Files(pid, old);
        }

        await scene.RecoverAsync();
        await Task.WhenAll(scene.Open(() => scene.Order() with { MayFail = false }));
    }
}
