using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;

namespace Mimir.Faults.Kinds;

/// <summary>X09: a server that says more than anybody asked for, as fast as it can.</summary>
internal sealed class Flood() : Fault("X09", "floods of log messages, changes of lists, progress and pings", 10_000)
{
    private const int FullCount = 6_000_000;

    /// <summary>Calls of each client at the other server before anything happens.</summary>
    private const int QuietCalls = 25;

    /// <summary>What the router may need for a flood, in MiB.</summary>
    private const int MostMib = 64;

    private Bar? _bar;

    /// <inheritdoc/>
    public override int Least => 60;

    // What many calls take of memory is not to be taken for what the flood does.
    /// <inheritdoc/>
    public override int Widest => 32;

    /// <inheritdoc/>
    public override TimeSpan Call => TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public override bool MayFail => false;

    /// <inheritdoc/>
    public override Task StrikeAsync(Scene scene)
    {
        var ways = Ways(scene);

        // What is asked here is answered when the flood has passed; it is one of the calls that have to end.
        var flood = FloodAsync(scene, ways[scene.Account.Next(ways.Length)]);
        return scene.Phase == Phase.ShuttingDown ? flood : AfterAsync(scene, flood);
    }

    /// <inheritdoc/>
    public override async Task RunAsync(Scene scene)
    {
        if (scene.Phase == Phase.ShuttingDown)
        {
            await Drill.RunAsync(scene);
            return;
        }

        _bar = new Bar("calls of the other server, p99", 0.99, 1.5);
        foreach (var actor in scene.Bed.Actors)
        {
            for (var i = 0; i < QuietCalls; i++) await _bar.TimeAsync(false, () => actor.CallAsync(scene.NeighbourOrder() with { IsBeside = true }));
        }

        // One flood of each kind has the code compiled and the collector find how much it lets pile up, as in a router that has run for a
        // while. What is to be found is what each further one leaves behind.
        foreach (var way in Ways(scene)) await FloodAsync(scene, way);
        var router = scene.Bed.Router.Process.Id;
        var before = Processes.Size(router).Mib;
        Processes.ForgetPeak(router);
        await Drill.RunAsync(scene);
        _bar.Judge(scene.Account, scene.Settings.Slack);
        var more = Processes.Peak(router) - before;
        scene.Account.Note($"{more:+0;-0;0} MiB at most");
        if (more > MostMib) scene.Account.Fault(Wrong.Left, $"the router took {more} MiB more for the flood, and may take {MostMib}");
    }

    private static string[] Ways(Scene scene)
    {
        var count = scene.Settings.Of(FullCount / 100, 1_500);
        string[] ways = ["\"how\":\"flood\"", "\"how\":\"listChanged\"", $"\"how\":\"slowProgress\",\"everyMs\":0,\"steps\":{count}", "\"how\":\"pings\""];
        return [.. ways.Take(scene.Transport.IsModern() ? ways.Length - 1 : ways.Length).Select(w => $"{w},\"count\":{count}")];
    }

    private static Task<Ending[]> FloodAsync(Scene scene, string way) => Task.WhenAll(scene.Bed.Actors.Select(a => a.ProvokeAsync(scene.Order(), way)));

    private async Task AfterAsync(Scene scene, Task flood)
    {
        var neighbours = Task.WhenAll(scene.Bed.Actors.Select(async actor =>
        {
            do await _bar!.TimeAsync(true, () => actor.CallAsync(scene.NeighbourOrder() with { IsBeside = true }));
            while (!flood.IsCompleted);
        }));
        await Task.WhenAll(scene.Open(() => scene.Order(), 2));
        await flood;
        await neighbours;
    }
}
