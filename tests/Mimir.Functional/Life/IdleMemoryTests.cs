using System.Diagnostics;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Life;

/// <summary>A router that is asked nothing any more gives back what a rush had it take.</summary>
public sealed class IdleMemoryTests(ITestOutputHelper output)
{
    private const int Rounds = 10, Width = 48;
    private const int LeastGivenBackMib = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 300_000)]
    public async Task AfterARush_NothingToDo_MemoryGoesBack()
    {
        // By itself the collector would not look before 256 MiB have piled up.
        var config = new Config(new Marker()).Stdio("well")
            .Variable("DOTNET_GCgen0size", "0x10000000").Variable("DOTNET_GCgen0MaxBudget", "0x10000000");
        await using var router = await Router.HttpAsync(config);
        var client = router.ModernClient();
        var padding = new string('p', 200_000);
        for (var i = 0; i < Rounds; i++)
            await Task.WhenAll(Enumerable.Range(0, Width).Select(_ => client.CallAsync("well_echo", $"{{\"text\":\"{padding}\"}}")));
        var rushed = Mib(router);

        var begun = Stopwatch.StartNew();
        while (rushed - Mib(router) < LeastGivenBackMib && begun.Elapsed < Patience) await Task.Delay(200);
        output.WriteLine($"{rushed} MiB after the rush, {Mib(router)} MiB after {begun.Elapsed.TotalSeconds:0.0} s without a call");
        Assert.InRange(Mib(router), 0, rushed - LeastGivenBackMib);
        Assert.True((await client.CallAsync("well_echo")).Code is null);
    }

    private static long Mib(Router router)
    {
        router.Process.Refresh();
        return router.Process.WorkingSet64 >> 20;
    }
}
