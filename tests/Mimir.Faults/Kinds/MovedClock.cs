using System.Diagnostics;
using System.Globalization;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>
/// X18: the clock of the wall moves for the router, by an hour or by thirty days, forward and back, once or again and again. Nobody may
/// notice: nothing ends early or late.
/// </summary>
internal sealed class MovedClock() : Fault("X18", "the clock moves: an hour, thirty days, in steps", 10_000)
{
    private const int Hour = 3600, Month = 30 * 24 * Hour;
    private const int Steps = 10;

    private static readonly int[] s_shifts = [Hour, -Hour, Month, -Month];
    private static readonly TimeSpan s_early = TimeSpan.FromMilliseconds(100), s_patience = TimeSpan.FromSeconds(10);
    private static readonly string? s_library = Find();

    private string _file = "";

    /// <inheritdoc/>
    public override bool MayFail => false;

    /// <inheritdoc/>
    public override string? Excuse(Transport transport, Phase phase) =>
        s_library is null ? "libfaketime is not installed here (Debian: apt-get install faketime)" : null;

    /// <inheritdoc/>
    public override void Configure(Config config, Transport transport, Account account, TempFolder folder)
    {
        _file = folder.File("clock");
        Move(0);
        config.Variable("LD_PRELOAD", s_library!).Variable("FAKETIME_TIMESTAMP_FILE", _file).Variable("FAKETIME_NO_CACHE", "1")
            .Variable("FAKETIME_DONT_FAKE_MONOTONIC", "1").Variable("NO_FAKE_STAT", "1");
    }

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        var shift = scene.Account.Pick(s_shifts);
        if (scene.Account.Next(3) == 0)
        {
            for (var i = 0; i < Steps; i++)
            {
                Move(scene.Account.Pick(s_shifts));
                await scene.MomentAsync(100);
            }
        }

        Move(shift);
        if (scene.Phase != Phase.Idle) return;
        await SeenAsync(scene, shift);
        await Task.WhenAll(scene.Bed.Actors.Select(a => OverdueAsync(scene, a)));
    }

    /// <inheritdoc/>
    public override async Task MendAsync(Scene scene)
    {
        Move(0);
        await base.MendAsync(scene);
    }

    private static string? Find() => !OperatingSystem.IsLinux() ? null
        : new[] { "/usr/lib", "/lib" }.Where(Directory.Exists)
            .SelectMany(d => Directory.EnumerateDirectories(d, "*-linux-gnu*").Append(d))
            .Select(d => Path.Combine(d, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists);

    /// <summary>A call that is not answered in time, while the clock moves once more: it ends with its error when its time is over.</summary>
    private async Task OverdueAsync(Scene scene, Actor actor)
    {
        var begun = Stopwatch.GetTimestamp();
        var call = actor.CallAsync(new Order(World.Bed.VictimName, Call) { DelayMs = (int)(Call.TotalMilliseconds * 2), MayFail = true });
        await scene.MomentAsync(1000);
        Move(scene.Account.Pick(s_shifts));
        var ending = await call;
        var took = Stopwatch.GetElapsedTime(begun);
        if (ending == Ending.Ok || took < Call - s_early) scene.Account.Fault(Wrong.Error, $"{actor.Name}: ended after {took.TotalMilliseconds:0} ms as {ending}, with {Call.TotalMilliseconds:0} ms to go");
    }

    /// <summary>Waits until the router writes the wrong time into its answers, without which this cell would show nothing.</summary>
    private static async Task SeenAsync(Scene scene, int shift)
    {
        using var http = new HttpClient();
        for (var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; ; await Task.Delay(50))
        {
            using var answer = await http.GetAsync(scene.Bed.Router.Origin);
            if (answer.Headers.Date is { } date && Math.Abs((date - DateTimeOffset.UtcNow).TotalSeconds - shift) < Hour / 2) return;
            if (Environment.TickCount64 < end) continue;
            scene.Account.Fault(Wrong.Left, $"the clock of the router was not moved by {shift} s: it says {answer.Headers.Date}");
            return;
        }
    }

    /// <summary>In one step, for the router reads it each time it asks for the time.</summary>
    private void Move(int seconds)
    {
        File.WriteAllText(_file + ".new", seconds.ToString("+0;-0", CultureInfo.InvariantCulture));
        File.Move(_file + ".new", _file, overwrite: true);
    }
}
