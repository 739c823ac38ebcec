using System.Diagnostics;
using System.Globalization;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Life;

/// <summary>A server that ends as soon as it is started costs next to nothing, says so, and comes back when it is mended.</summary>
public sealed class FlappingTests(ITestOutputHelper output)
{
    /// <summary>How long it is watched: <c>MIMIR_FLAP_SECONDS</c>, default 10; from 60 on it has to cost less than 1 % of a core.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("MIMIR_FLAP_SECONDS"), CultureInfo.InvariantCulture, out var n) ? n : 10);

    /// <summary>How long a router compiles what it runs often, after its start.</summary>
    private static readonly TimeSpan Settling = Watched / 3;

    [Fact(Timeout = 900_000)]
    public async Task Autostart_ChildEndsAtOnce_IsGivenUpAndComesBackOnceItIsMended()
    {
        using var folder = new TempFolder();
        var (starts, mended) = (folder.File("starts"), folder.File("mended"));
        var script = $"if [ -e '{mended}' ]; then exec '{Repository.Wicked}' --script '{{\"name\":\"flap\"}}'; fi; echo x >> '{starts}'; exit 3";
        var config = new Config(new Marker()).Child("flap", "/bin/sh", ["-c", script], "\"autostart\":true").Stdio("well");
        await using var router = await Router.LegacyAsync(config);
        await router.Stdio.CallAsync("well_echo");

        var settled = Stopwatch.StartNew();
        while (!router.Words.Contains("server 'flap' is failed", StringComparison.Ordinal) && settled.Elapsed < TimeSpan.FromSeconds(60)) await Task.Delay(50);
        Assert.Contains("server 'flap' is failed", router.Words, StringComparison.Ordinal);

        // One that is the same but for that server tells what it costs.
        await using var calm = await Router.LegacyAsync(new Config(new Marker()).Stdio("well"));
        await calm.Stdio.CallAsync("well_echo");
        await Task.Delay(Settling);
        var (used, usedCalm, from) = (Cpu(router), Cpu(calm), Stopwatch.GetTimestamp());
        await Task.Delay(Watched);
        var passed = Stopwatch.GetElapsedTime(from);
        var (share, shareCalm) = ((Cpu(router) - used) / passed, (Cpu(calm) - usedCalm) / passed);
        var count = File.ReadLines(starts).Count();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} starts in {settled.Elapsed.TotalSeconds:0} s, {share:P2} of a core while it has failed, {shareCalm:P2} without it"));

        if (Watched >= TimeSpan.FromSeconds(60)) Assert.True(share < 0.01, $"{share:P2} of a core");

        // Both eras are tried, and every failure of one is tried again: 25 are enough for ten minutes.
        Assert.InRange(count, 5, 25);
        var reply = await router.Stdio.CallAsync("flap_echo");
        Assert.Contains("has failed and is tried again in", reply.ToString(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(mended, "");
        var back = Stopwatch.StartNew();
        while (!router.Words.Contains("server 'flap' is ready", StringComparison.Ordinal) && back.Elapsed < TimeSpan.FromSeconds(120)) await Task.Delay(100);
        output.WriteLine($"back {back.Elapsed.TotalSeconds:0} s after it was mended");
        Assert.True((await router.Stdio.CallAsync("flap_echo")).Code is null);
    }

    private static TimeSpan Cpu(Router router)
    {
        router.Process.Refresh();
        return router.Process.TotalProcessorTime;
    }
}
