using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Isolation;

namespace Mimir.Functional.Chaos;

/// <summary>
/// Clients of both eras call servers that are killed, forget their sessions, and are replaced by servers of the other era, every
/// moment one of them. A run is replayed with <c>MIMIR_SEED</c> and made longer with <c>MIMIR_CHAOS_CALLS</c>.
/// </summary>
public sealed class ChaosTests
{
    private const int ClientsPerKind = 8;
    private const int Lost = -31003;

    [Fact(Timeout = 1_200_000)]
    public async Task Calls_ServersComeAndGo_NothingRunsTwiceAndOnlyWhatWasInFlightIsLost()
    {
        var seed = IsolationSettings.Seed;
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"MIMIR_SEED={seed}");
        using var folder = new TempFolder();
        Victim[] victims =
        [
            new WebVictim("webOne", false, folder), new WebVictim("webTwo", true, folder), new PipeVictim("pipeOne", false, folder), new PipeVictim("pipeTwo", true, folder),
        ];
        try
        {
            var config = new Config(new Marker());
            foreach (var victim in victims)
            {
                await victim.StartAsync();
                victim.Configure(config, "\"resend\":\"idempotent\"");
            }

            await using var router = await Router.HttpAsync(config);
            var clients = new List<RawClient>();
            for (var i = 0; i < ClientsPerKind; i++)
            {
                clients.Add(router.ModernClient());
                clients.Add(await router.LegacyClientAsync());
                clients.Add(await router.SseClientAsync());
            }

            // Everybody sees every tool before it begins.
            foreach (var client in clients.Take(3)) Assert.All(victims, v => Assert.Contains(v.Name + "_note", client.ToolNamesAsync().GetAwaiter().GetResult()));
            var begun = Stopwatch.GetTimestamp();
            using var calm = new CancellationTokenSource();
            var chaos = RageAsync(victims, new Random(seed), calm.Token);
            var suffering = Task.WhenAll(clients.Select((c, i) => new Sufferer(c, i, victims, seed).RunAsync((ChaosSettings.Calls + clients.Count - 1) / clients.Count)));

            // A server that could not be started again is told as that, not as what the clients make of it.
            if (await Task.WhenAny(suffering, chaos) == chaos) await chaos;
            var ends = await suffering;
            var took = Stopwatch.GetElapsedTime(begun);
            await calm.CancelAsync();
            await chaos;

            var all = ends.SelectMany(e => e).ToList();
            Judge(all, victims, $"seed {seed}, {took.TotalSeconds:0.0} s", clients);
        }
        finally
        {
            foreach (var victim in victims) await victim.DisposeAsync();
        }
    }

    private static void Judge(List<Suffered> all, Victim[] victims, string run, List<RawClient> clients)
    {
        var lost = all.Count(s => s.Code == Lost);
        var longest = all.Max(s => Stopwatch.GetElapsedTime(s.From, s.To));
        var summary = $"{run}: {all.Count} calls, {lost} lost, {victims.Sum(v => v.Outages.Count)} outages, the longest call {longest.TotalSeconds:0.00} s; "
            + string.Join("; ", victims.Select(v => $"{v.Name}: {string.Join(", ", v.History)}"));
        TestContext.Current.TestOutputHelper?.WriteLine(summary);

        var ran = victims.SelectMany(v => v.Entries()).Where(e => e.StartsWith("note ", StringComparison.Ordinal)).GroupBy(e => e[5..]).ToDictionary(g => g.Key, g => g.Count());
        var faults = new List<string>();
        foreach (var s in all)
        {
            var times = ran.GetValueOrDefault(s.Id);
            var what = $"{s.Client}, {s.Tool}, {s.Id}, {Stopwatch.GetElapsedTime(s.From, s.To).TotalMilliseconds:0} ms, ran {times} times, {(s.WasInFlight ? "in flight" : "not in flight")}: {s.Fault}";
            if (s.Once && times > 1) faults.Add("ran twice: " + what);
            else if (s.Once && s.Fault is null && times != 1) faults.Add("did not run: " + what);
            else if (s.Fault is not null && !s.Once) faults.Add("an error of what may be sent again: " + what);
            else if (s.Fault is not null && s.Code != Lost) faults.Add("another error than lost: " + what);
            else if (s.Fault is not null && !s.WasInFlight) faults.Add("lost without need: " + what);
        }

        faults.AddRange(clients.SelectMany(c => c.Strays).Select(s => "nobody waits for: " + s));
        Assert.True(faults.Count == 0, $"{faults.Count} faults; {summary}\n{string.Join('\n', faults.GroupBy(f => f[..8]).SelectMany(g => g.Take(12)))}");
        Assert.True(victims.All(v => v.Outages.Count > 0), summary);
    }

    private static async Task RageAsync(Victim[] victims, Random random, CancellationToken cancellationToken)
    {
        // Each is met in turn, so that even a short run has seen all.
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            await Task.Delay(random.Next(300, 900), CancellationToken.None);
            var victim = victims[i % victims.Length];
            if (victim is WebVictim && random.Next(3) == 0) await victim.ExpireAsync();
            else await victim.KillAsync(replace: random.Next(2) == 0, TimeSpan.FromMilliseconds(random.Next(0, 400)));
        }
    }
}
