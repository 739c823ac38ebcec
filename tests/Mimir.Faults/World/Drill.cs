using System.Diagnostics;
using Mimir.Faults.Kinds;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Functional.Harness;

namespace Mimir.Faults.World;

/// <summary>The usual course of a cell: rounds in which a fault comes at a random moment of a phase, all calls end, and all is well again.</summary>
internal static class Drill
{
    /// <summary>Rounds of the smallest run: most of them start processes, which is what takes long.</summary>
    private const int FewRounds = 2;

    private const int LongestDelayMs = 250;

    /// <summary>The whole gateway has to have ended by then.</summary>
    public static readonly TimeSpan Stop = TimeSpan.FromSeconds(10);

    /// <summary>Plays rounds until enough calls were made.</summary>
    public static async Task RunAsync(Scene scene)
    {
        if (scene.Phase == Phase.ShuttingDown)
        {
            await ShutDownAsync(scene, () => scene.Fault.StrikeAsync(scene));
            return;
        }

        for (var round = 0; scene.Account.Made < scene.Calls && scene.Account.Wrongs <= 50 && (scene.Settings.Scale > 0 || round < FewRounds); round++)
            await RoundAsync(scene);
    }

    /// <summary>One round.</summary>
    public static async Task RoundAsync(Scene scene)
    {
        var neighbour = scene.NeighbourAsync();
        var open = await MeetAsync(scene);
        await Task.WhenAll(open);
        await scene.Fault.MendAsync(scene);
        await scene.RecoverAsync();
        await neighbour;
        foreach (var actor in scene.Bed.Actors) actor.Settle();
    }

    /// <summary>Tells the router to stop while calls are open and the fault comes, and sees that it does and leaves nothing.</summary>
    public static async Task ShutDownAsync(Scene scene, Func<Task> strike)
    {
        var before = scene.Bed.Victim.Reached();
        var open = scene.Open(() => scene.Order(scene.Account.Next(LongestDelayMs)));
        if (scene.Account.Next(2) == 0) await scene.ReachAsync(before, 1);
        scene.Account.Strike();
        var struck = strike();
        await scene.MomentAsync(30);
        var begun = Stopwatch.GetTimestamp();
        _ = Posix.Kill(scene.Bed.Router.Process.Id, Posix.Term);
        await Task.WhenAll(open);
        await struck;
        var limit = Stop + scene.Settings.Slack;
        try
        {
            await scene.Bed.Router.Process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            scene.Account.Fault(Wrong.Left, $"the router has not stopped after {limit.TotalSeconds:0.0} s");
        }

        var took = Stopwatch.GetElapsedTime(begun);
        var left = await scene.Bed.Router.Marker.GoneAsync(limit - took > TimeSpan.Zero ? limit - took : TimeSpan.FromMilliseconds(100));
        scene.Account.Resources = $"stopped in {took.TotalSeconds:0.0} s, {left.Count} processes left";
        if (left.Count > 0) scene.Account.Fault(Wrong.Left, $"after the router: {string.Join("; ", left)}");
    }

    private static async Task<Task[]> MeetAsync(Scene scene)
    {
        var account = scene.Account;
        switch (scene.Phase)
        {
            case Phase.Handshake:
                await scene.Bed.Victim.DropAsync();
                await scene.Bed.Victim.MendAsync();
                var opening = scene.Open(() => scene.Order());
                if (scene.Transport.IsPipe()) await scene.BornAsync();
                await scene.MomentAsync(150);
                await StrikeAsync(scene);
                return opening;
            case Phase.Idle:
                await StrikeAsync(scene);
                await scene.MomentAsync(40);
                return scene.Open(() => scene.Order());
            case Phase.Listing:
                await scene.Bed.Actors[0].ProvokeAsync(scene.Order() with { MayFail = true }, "\"how\":\"listChanged\"");
                Task[] lists = [.. scene.Bed.Actors.Select(a => a.ListAsync(scene.Fault.ListGrace + TimeSpan.FromSeconds(1), World.Bed.WellName + "_ledger"))];
                await scene.MomentAsync(40);
                await StrikeAsync(scene);
                Task[] more = [.. scene.Bed.Actors.Select(a => a.ListAsync(scene.Fault.ListGrace + TimeSpan.FromSeconds(1), World.Bed.WellName + "_ledger"))];
                return [.. lists, .. more, .. scene.Open(() => scene.Order(), Math.Max(1, scene.Width - 3))];
            default:
                var before = scene.Bed.Victim.Reached();
                var open = scene.Open(() => scene.Order(account.Next(LongestDelayMs), scene.Phase == Phase.Streaming ? 1 + account.Next(4) : 0));
                if (account.Next(4) > 0) await scene.ReachAsync(before, 1);
                await scene.MomentAsync(100);
                await StrikeAsync(scene);
                return open;
        }
    }

    private static Task StrikeAsync(Scene scene)
    {
        scene.Account.Strike();
        return scene.Fault.StrikeAsync(scene);
    }
}
