using Mimir.Faults.Matrix;
using Mimir.Faults.Network;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;

namespace Mimir.Faults.Kinds;

/// <summary>X05: what the server says comes late, slowly, or a byte at a time. Nothing is wrong with it, so nothing may fail.</summary>
internal sealed class BadWeather() : Fault("X05", "latency and jitter, 1 KB/s, one byte at a time", 10_000)
{
    private static readonly Weather[] s_weathers =
    [
        new() { LatencyMs = 40, JitterMs = 160 },
        new() { BytesPerSecond = 4_000 },
        new() { SliceBytes = 1 },
    ];

    private static readonly Weather[] s_full =
    [
        new() { JitterMs = 5_000 },
        new() { LatencyMs = 200, JitterMs = 800 },
        new() { BytesPerSecond = 1_000 },
        new() { SliceBytes = 1 },
    ];

    /// <summary>Calls in each weather that are compared with as many that do not pass through the router.</summary>
    private const int Compared = 5;

    /// <inheritdoc/>
    public override bool IsSlow => true;

    /// <inheritdoc/>
    public override int Least => 72;

    /// <inheritdoc/>
    public override bool NeedsNetwork => true;

    /// <inheritdoc/>
    public override TimeSpan Startup => TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public override TimeSpan Call => TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public override bool MayFail => false;

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        var weathers = Weathers(scene);
        await ChangeAsync(scene, weathers[scene.Account.Strikes % weathers.Length]);
    }

    /// <inheritdoc/>
    public override Task MendAsync(Scene scene)
    {
        if (!scene.Transport.IsPipe()) scene.Bed.Link.Weather = Weather.Fair;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task RunAsync(Scene scene)
    {
        if (scene.Phase is Phase.Idle or Phase.InFlight) await CompareAsync(scene);

        // The first round of a child is in the weather of none, and the last round's weather is met by nobody: its rounds meet that of the one before.
        if (scene.Transport.IsPipe() && scene.Phase is not (Phase.Handshake or Phase.Idle))
        {
            for (var round = 0; scene.Account.Made < scene.Calls && scene.Account.Wrongs < 50 && (scene.Settings.Scale > 0 || round < s_weathers.Length); round++)
            {
                scene.Account.Strike();
                await StrikeAsync(scene);
                await scene.Bed.Victim.DropAsync();
                await scene.RecoverAsync();
                if (scene.Phase == Phase.ShuttingDown) break;
                await Drill.RoundAsync(scene);
            }

            if (scene.Phase == Phase.ShuttingDown) await Drill.ShutDownAsync(scene, () => Task.CompletedTask);
            return;
        }

        await Drill.RunAsync(scene);
    }

    private static Weather[] Weathers(Scene scene) => scene.Settings.Scale >= 0.05 ? s_full : s_weathers;

    /// <summary>What the weather makes of calls is not made worse by the router: the same calls go past it at the same time.</summary>
    private async Task CompareAsync(Scene scene)
    {
        // A child is started for each, which takes long in bad weather: the smallest run has one do.
        var weathers = scene.Transport.IsPipe() && scene.Settings.Scale <= 0 ? [scene.Account.Pick(s_weathers)] : Weathers(scene);
        foreach (var weather in weathers)
        {
            await ChangeAsync(scene, weather);
            if (scene.Transport.IsPipe()) await scene.Bed.Victim.DropAsync();
            await scene.RecoverAsync();
            await using var bypass = await scene.Bed.Victim.BypassAsync();
            var aside = new Account(scene.Cell, scene.Account.Next(int.MaxValue));
            var direct = new Actor(bypass.Client, scene.Settings.Slack, aside) { Prefix = "" };
            var bar = new Bar($"median in {weather.Words}", 0.5, 2);
            for (var i = 0; i < Compared; i++)
            {
                var routed = scene.Bed.Actors[i % scene.Bed.Actors.Length];
                await Task.WhenAll(
                    bar.TimeAsync(true, () => routed.CallAsync(scene.Order() with { IsBeside = true })),
                    bar.TimeAsync(false, () => direct.CallAsync(scene.Order())));
            }

            foreach (var word in aside.Words) scene.Account.Fault(Wrong.Slow, "without the router: " + word);

            // Five throws of the dice here and five there differ by as much as the dice have eyes.
            bar.Judge(scene.Account, scene.Settings.Slack + TimeSpan.FromMilliseconds(weather.JitterMs));
        }

        await MendAsync(scene);
    }

    private static async Task ChangeAsync(Scene scene, Weather weather)
    {
        if (!scene.Transport.IsPipe())
        {
            scene.Bed.Link.Weather = weather;
            return;
        }

        // A child is born in its weather. It is replaced while no call is open, and while it is being opened.
        scene.Bed.Victim.Rescript($"\"latencyMs\":{weather.LatencyMs},\"jitterMs\":{weather.JitterMs},\"bytesPerSecond\":{weather.BytesPerSecond},"
            + $"\"sliceBytes\":{weather.SliceBytes},\"seed\":{scene.Account.Next(1 << 20)}");
        if (scene.Phase is Phase.Idle) await scene.Bed.Victim.DropAsync();
    }
}
