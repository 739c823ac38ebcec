using System.Diagnostics;
using Mimir.Faults.Kinds;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;

namespace Mimir.Faults.World;

/// <summary>One cell while it is played.</summary>
internal sealed record Scene(Bed Bed, Cell Cell, Account Account, RunSettings Settings)
{
    private const int Narrow = 6, Wide = 32;

    /// <summary>From this scale on, calls are open as widely as they may be.</summary>
    private const double LeastWideScale = 0.05;

    /// <summary>Rounds of a cell of the largest run, each with a fault of its own: what is open at a time leaves room for as many.</summary>
    private const int FullRounds = 20, LeastRounds = 4;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>How long all may take to start, before anything is measured.</summary>
    private static readonly TimeSpan s_warming = TimeSpan.FromSeconds(150);

    /// <summary>What happens.</summary>
    public Fault Fault => Bed.Fault;

    /// <summary>When.</summary>
    public Phase Phase => Cell.Phase;

    /// <summary>How the victim is reached.</summary>
    public Transport Transport => Cell.Transport;

    /// <summary>Calls that the cell, or the part of it that is played, is to make at least.</summary>
    public int Calls => Settings.Of(Fault.Full, Fault.Least) / Settings.Parts;

    /// <summary>
    /// Calls of each client that are open at a time. It grows with the scale, for what takes long is a round, which waits for a server to
    /// be started again, and not a call; but a cell has some rounds.
    /// </summary>
    public int Width
    {
        get
        {
            if (Settings.Scale < LeastWideScale) return Narrow;
            var most = Wide + (int)((Fault.Widest - Wide) * Math.Min(1, (Settings.Scale - LeastWideScale) / (1 - LeastWideScale)));
            return Math.Clamp(Calls / (Bed.Actors.Length * Settings.Of(FullRounds, LeastRounds)), Narrow, most);
        }
    }

    /// <summary>When a call has to have ended, from its start.</summary>
    public TimeSpan Deadline => Fault.DeadlineIn(Phase);

    /// <summary>A call at the victim.</summary>
    public Order Order(int delayMs = 0, int steps = 0) => new(World.Bed.VictimName, Deadline)
    {
        DelayMs = delayMs,
        Steps = steps,
        MayFail = Fault.MayFail,

        // The server was replaced just now, and a call may be what finds out that a kept connection led to the old one: HTTP does not tell
        // whether it was heard there.
        MayBeLost = Phase == Phase.Handshake && !Transport.IsPipe(),
        MayBeTheirs = Fault.MayBeTheirs,
        MayBreak = Phase == Phase.ShuttingDown,
    };

    /// <summary>Calls of all clients at the victim, started and not awaited.</summary>
    public Task<Ending>[] Open(Func<Order> order, int? width = null) =>
        [.. Bed.Actors.SelectMany(a => Enumerable.Range(0, width ?? Width).Select(_ => a.CallAsync(order()))).ToArray()];

    /// <summary>One call of each client at the server that must not notice.</summary>
    public Task NeighbourAsync() => Task.WhenAll(Bed.Actors.Select(a => a.CallAsync(NeighbourOrder())));

    /// <summary>A call at the server that must not notice.</summary>
    public Order NeighbourOrder() => new(World.Bed.WellName, TimeSpan.FromSeconds(30)) { MayFail = false, MayBreak = Phase == Phase.ShuttingDown };

    /// <summary>Waits until calls have reached the victim.</summary>
    public async Task ReachAsync(int before, int calls)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Bed.Victim.Reached() < before + calls && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10)) await Task.Delay(s_pause);
    }

    /// <summary>Waits until the victim has a process again.</summary>
    public async Task BornAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        while (Bed.Victim.Pids().Count == 0 && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10)) await Task.Delay(2);
    }

    /// <summary>Waits a random while, as the cell's seed has it.</summary>
    public Task MomentAsync(int mostMs) => Task.Delay(Account.Next(mostMs + 1));

    /// <summary>Calls until every client is answered again.</summary>
    public async Task RecoverAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (var actor in Bed.Actors)
        {
            while (true)
            {
                var ending = await actor.CallAsync(Order() with { MayFail = true, IsUntimed = true });
                if (ending == Ending.Ok) break;
                if (Stopwatch.GetElapsedTime(begun) > RunSettings.Recovery + Settings.Slack)
                {
                    Account.Fault(Wrong.Left, $"{actor.Name}: {World.Bed.VictimName} is not of use again after {RunSettings.Recovery.TotalSeconds:0} s, but: {actor.LastError}");
                    return;
                }

                await Task.Delay(s_pause);
            }
        }

        Account.Back(Stopwatch.GetElapsedTime(begun));
    }

    /// <summary>Calls everybody until all is up, which counts for nothing.</summary>
    public async Task WarmAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (var actor in Bed.Actors)
        {
            foreach (var server in (string[])[World.Bed.WellName, World.Bed.VictimName])
            {
                while (true)
                {
                    var reply = await actor.Client.CallAsync(server + "_ledger", $"{{\"nonce\":\"{Account.Nonce()}\"}}", TimeSpan.FromSeconds(30));
                    if (reply.Code is null && reply.Text is not null) break;
                    if (Stopwatch.GetElapsedTime(begun) > s_warming) throw new InvalidOperationException($"{server} did not start: {reply}; {Bed.Router.Words}");
                    await Task.Delay(s_pause);
                }
            }
        }
    }
}
