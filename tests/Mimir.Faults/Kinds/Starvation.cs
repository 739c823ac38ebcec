using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>Ways to take from a router what it lives on: descriptors, processes and threads, memory.</summary>
internal static class Starvation
{
    /// <summary>A server whose child is to be started when none can.</summary>
    private const string Spare = "spare";

    /// <summary>What the router keeps back for itself; its own child processes and threads need some.</summary>
    private const int Reserve = 32;

    /// <summary>A user that nobody is. It may read and write what is ours, as the one that we are.</summary>
    private const string Nobody = "61234";

    /// <summary>Bytes that the router may take beyond those that it has.</summary>
    private const long MoreMemory = 4 << 20;

    /// <summary>Characters of an answer that takes memory.</summary>
    private const int Large = 4 << 20;

    // A server that there was no room to start is tried again within a second or so.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200), s_patience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The processes of root are not counted, so that a router of root's cannot lack any. Where we are root it runs as somebody else, who
    /// keeps the one right to read and write all files.
    /// </summary>
    public static void Configure(Config config)
    {
        config.Stdio(Spare, "\"era\":\"Legacy\"", "\"protocol\":\"2025-11-25\",\"callTimeout\":\"5s\",\"maxStarts\":10000");
        if (Environment.UserName != "root") return;
        config.Under("setpriv", "--reuid=" + Nobody, "--regid=" + Nobody, "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override");
    }

    /// <summary>More connections than it may have: those that are there go on, and when the others go all is well.</summary>
    public static async Task DescriptorsAsync(Scene scene)
    {
        var pid = scene.Bed.Router.Process.Id;
        var highest = Directory.GetFileSystemEntries($"/proc/{pid}/fd").Max(f => int.Parse(Path.GetFileName(f), CultureInfo.InvariantCulture));
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
            scene.Account.Note($"{held} of {limit} descriptors taken at the worst");
            if (held > limit - Reserve / 2) scene.Account.Fault(Wrong.Left, $"{held} of {limit} descriptors taken: clients took what is kept back");
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
            _ = ProcessLimits.Files(pid, old);
        }

        await scene.RecoverAsync();
        await Task.WhenAll(scene.Open(() => scene.Order() with { MayFail = false }));
    }

    /// <summary>
    /// Neither a process nor a thread can be started: what runs goes on, and whoever needs a server that does not run is told why. The
    /// runtime itself ends the router when it needs a thread in that time; then nobody of its family may be left.
    /// </summary>
    public static async Task TasksAsync(Scene scene)
    {
        await LackTasksAsync(scene);
        if (!HasEnded(scene)) return;
        var left = await scene.Bed.Router.Marker.GoneAsync(Drill.Stop + scene.Settings.Slack);
        scene.Account.HasLostRouter = true;
        scene.Account.Note("ended by its runtime without threads");
        if (left.Count > 0) scene.Account.Fault(Wrong.Left, $"after the router's end without threads: {string.Join("; ", left)}");
    }

    private static async Task LackTasksAsync(Scene scene)
    {
        var bed = scene.Bed;
        var spare = new Order(Spare, scene.Deadline) { MayFail = true, MayBreak = true };
        await UntilAsync(scene, "its server does not start at all", async () => await bed.Actors[0].CallAsync(spare) == Ending.Ok);
        var old = ProcessLimits.Tasks(bed.Router.Process.Id, 1);
        try
        {
            scene.Account.Strike();
            foreach (var (pid, _) in bed.Router.Marker.Living(Spare)) _ = Posix.Kill(pid, Posix.Kill9);
            await UntilAsync(scene, "nobody is told that no process can be started", async () =>
            {
                Task<Ending>[] well = [.. scene.Open(() => scene.Order() with { MayFail = false, MayBreak = true }, 2), .. bed.Actors.Select(a => a.CallAsync(scene.NeighbourOrder() with { MayBreak = true }))];
                var reply = await AskSpareAsync(scene);
                var endings = await Task.WhenAll(well);
                var isBroken = reply is { Code: null, Result.ValueKind: JsonValueKind.Undefined };
                if (isBroken || endings.Contains(Ending.Gone) || HasEnded(scene)) return await IsEndingAsync(scene);
                if (reply.Code is null) scene.Account.Fault(Wrong.Error, $"a server was started without a process: {reply}");
                return reply.ToString().Contains("ulimit -u", StringComparison.Ordinal);
            });
            await Task.WhenAll(bed.Actors.Select(a => a.CallAsync(spare)));
        }
        finally
        {
            if (!HasEnded(scene)) _ = ProcessLimits.Tasks(bed.Router.Process.Id, old);
        }

        if (HasEnded(scene)) return;
        await UntilAsync(scene, "its server is not started again", async () => await bed.Actors[0].CallAsync(spare) == Ending.Ok);

        // What the runtime began when it found no thread, it may end only now.
        if (HasEnded(scene)) return;
        await scene.RecoverAsync();
        await Task.WhenAll(scene.Open(() => scene.Order() with { MayFail = false }));
    }

    /// <summary>Calls the server that does not run; neither answer nor error when the router ends meanwhile.</summary>
    private static async Task<Reply> AskSpareAsync(Scene scene)
    {
        try
        {
            return await scene.Bed.Actors[0].Client.CallAsync(Spare + "_ledger", $"{{\"nonce\":\"{scene.Account.Nonce()}\"}}", scene.Deadline + scene.Settings.Slack);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new Reply(-1, null);
        }
    }

    /// <summary>
    /// Large answers, and no memory to keep them in. The router may end of it, as of the system's own SIGKILL when that has none left; and
    /// if it does not, it is well again as soon as there is some.
    /// </summary>
    public static async Task MemoryAsync(Scene scene)
    {
        var router = scene.Bed.Router;
        var old = ProcessLimits.Memory(router.Process.Id, Processes.Data(router.Process.Id) + MoreMemory);
        await Task.WhenAll(scene.Open(() => scene.Order() with { Fill = Large, MayBreak = true }, 4));
        try
        {
            _ = ProcessLimits.Memory(router.Process.Id, old);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // There is nobody any more to give memory to; if there is, it will not be of use again.
        }

        if (!HasEnded(scene))
        {
            // It may also be about to end.
            await UntilAsync(scene, "it is not of use again", async () =>
            {
                var endings = await Task.WhenAll(scene.Bed.Actors.Select(a => a.CallAsync(scene.Order() with { MayBreak = true, IsUntimed = true })));
                return endings.All(e => e == Ending.Ok);
            });
        }

        scene.Account.Note(router.Process.HasExited ? "ended without memory" : "lived on without memory");
    }

    /// <summary>Connections that break are those of a router that ends.</summary>
    private static async Task<bool> IsEndingAsync(Scene scene)
    {
        for (var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; !HasEnded(scene); await Task.Delay(s_pause))
        {
            if (Environment.TickCount64 < end) continue;
            scene.Account.Fault(Wrong.Lost, "connections broke, and the router lives on");
            break;
        }

        return true;
    }

    // The system knows of an end a moment before the runtime does.
    private static bool HasEnded(Scene scene) => scene.Bed.Router.Process.HasExited || Processes.HasEnded(scene.Bed.Router.Process.Id);

    private static async Task UntilAsync(Scene scene, string failure, Func<Task<bool>> holds)
    {
        for (var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; !await holds() && !HasEnded(scene); await Task.Delay(s_pause))
        {
            if (Environment.TickCount64 < end) continue;
            scene.Account.Fault(Wrong.Left, $"starved: {failure}");
            break;
        }
    }
}
