using System.Diagnostics;
using Mimir.Faults.Kinds;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;

namespace Mimir.Faults.World;

/// <summary>Plays the cells of one fault on one transport, one after the other, on one router where that can be.</summary>
internal static class Play
{
    /// <summary>How long a call may wait for its error when its server has gone.</summary>
    private static readonly TimeSpan s_dead = TimeSpan.FromSeconds(1);

    /// <summary>Plays.</summary>
    /// <param name="fault">Which fault.</param>
    /// <param name="transport">On which transport.</param>
    /// <param name="phases">In which phases; those with an excuse are passed by.</param>
    /// <param name="settings">How much.</param>
    /// <param name="ended">Is given each cell as it ends.</param>
    public static async Task<List<Account>> RunAsync(Fault fault, Transport transport, IEnumerable<Phase> phases, RunSettings settings, Action<Account>? ended = null)
    {
        var accounts = new List<Account>();
        Bed? bed = null;
        Census? before = null;
        try
        {
            foreach (var phase in phases.Where(p => fault.Excuse(transport, p) is null))
            {
                var cell = new Cell(fault.Id, transport, phase);
                var account = new Account(cell, cell.Seed(settings.Seed) + settings.Part);
                accounts.Add(account);
                try
                {
                    do
                    {
                        account.Begin();
                        if (bed is not null && fault.NeedsOwnBed)
                        {
                            await bed.DisposeAsync();
                            bed = null;
                        }

                        if (bed is null)
                        {
                            bed = await Bed.StartAsync(fault, transport, account, settings);
                            before = await ReadyAsync(bed, cell, account, settings);
                        }

                        await PlayAsync(bed, before!, cell, account, settings);
                    }
                    while (fault.IsRepeated(phase) && settings.Scale > 0 && account.Wrongs == 0 && account.Made < settings.Of(fault.Full, fault.Least));
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    account.Fault(Wrong.Left, $"the bench itself failed: {e}");
                }

                if (account.Wrongs > 0 || phase == Phase.ShuttingDown || bed?.Router.Process.HasExited == true)
                {
                    account.RouterWords = bed?.Router.Words ?? "";
                    if (bed is not null) await bed.DisposeAsync();
                    bed = null;
                }

                ended?.Invoke(account);
            }
        }
        finally
        {
            if (bed is not null) await bed.DisposeAsync();
        }

        return accounts;
    }

    private static async Task<Census> ReadyAsync(Bed bed, Cell cell, Account account, RunSettings settings)
    {
        var scene = new Scene(bed, cell, account, settings);
        if (!bed.Fault.IsBornIll) await scene.WarmAsync();

        // As many at a time as there will be, so that what is kept for them is there before anything is counted.
        foreach (var actor in bed.Actors)
        {
            await Task.WhenAll(Enumerable.Range(0, scene.Width).Select(_ =>
                actor.Client.CallAsync((bed.Fault.IsBornIll ? Bed.WellName : Bed.VictimName) + "_ledger", $"{{\"nonce\":\"{account.Nonce()}\",\"delayMs\":50}}")));
        }

        return Census.Take(bed.Router);
    }

    private static async Task PlayAsync(Bed bed, Census before, Cell cell, Account account, RunSettings settings)
    {
        foreach (var actor in bed.Actors) actor.Account = account;
        var begun = Stopwatch.GetTimestamp();
        var scene = new Scene(bed, cell, account, settings);
        await bed.Fault.RunAsync(scene);
        foreach (var actor in bed.Actors) actor.Settle();
        account.Settle(bed.Victim.Effects(), Bed.VictimName);
        account.Settle(bed.Well.Effects(), Bed.WellName);
        var dead = account.AfterStrike.DefaultIfEmpty().Max();
        if (bed.Fault.IsDeadly && dead > s_dead.TotalMilliseconds + settings.Slack.TotalMilliseconds)
            account.Fault(Wrong.Late, $"an error came {dead:0} ms after its server had gone; at most {s_dead.TotalMilliseconds:0}");
        account.Took += Stopwatch.GetElapsedTime(begun);
        if (!bed.Fault.EndsRouter(cell.Phase) && !account.HasLostRouter) await before.SettleAsync(bed.Router, account, Math.Max(account.MostOpen, scene.Width * bed.Actors.Length));
    }
}
