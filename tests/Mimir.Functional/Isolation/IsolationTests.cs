using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Oracle;

namespace Mimir.Functional.Isolation;

/// <summary>
/// Clients that all count ids from 0 call shared upstreams through the router. Every answer, progress notification and resource update
/// is judged by its receiver. A run is replayed with <c>MIMIR_SEED</c> and made longer with <c>MIMIR_ISOLATION_CALLS</c>.
/// </summary>
public sealed class IsolationTests
{
    private const int HttpClientsPerEra = 28;
    private const int SseClients = 4;
    private const int StdioRoutersPerEra = 2;
    private const int Clients = (2 * HttpClientsPerEra) + SseClients + (2 * StdioRoutersPerEra);

    [Fact(Timeout = 1_200_000)]
    public async Task Calls_AllIdsFrom0OverSharedUpstreams_NothingLostDuplicatedMisdeliveredCorrupted()
    {
        var seed = IsolationSettings.Seed;
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"MIMIR_SEED={seed}");
        await using var webLegacy = await WickedHttp.StartAsync("\"name\":\"webLegacy\"");
        await using var webSse = await WickedHttp.StartAsync("\"name\":\"webSse\",\"sseOnly\":true");
        await using var webModern = await WickedHttp.StartAsync("\"name\":\"webModern\",\"era\":\"Modern\"");
        const string shared = "\"sharing\":\"shared\"";

        // The servers behind URLs are shared by all routers; a child belongs to one, and is named after it. Clients of another revision
        // have a child of their own, whose resources nobody else can touch: those of 2024-11-05 get a server for themselves.
        Config Configured(int router) => new Config(new Marker())
            .Stdio($"pipeLegacy{router}", more: shared)
            .Stdio($"pipeEvents{router}", more: shared)
            .Http("webLegacy", webLegacy.Url, shared)
            .Http("webSse", webSse.Sse, shared + ",\"type\":\"sse\"")
            .Stdio($"pipeModern{router}", "\"era\":\"Modern\"", shared)
            .Http("webModern", webModern.Url, shared);
        Target[] Targets(params string[] servers) => [.. servers.Select(s => new Target(s + "_ledger", s))];
        Target[] Legacy(int router) => Targets($"pipeLegacy{router}", "webLegacy", "webSse");
        Target[] Modern(int router) => Targets($"pipeModern{router}", "webModern");

        await using var http = await Router.HttpAsync(Configured(0));
        var routers = new List<Router>();
        try
        {
            var clients = new List<(RawClient Client, Target[] Targets)>();
            for (var i = 0; i < HttpClientsPerEra; i++)
            {
                clients.Add((await http.LegacyClientAsync(), Legacy(0)));
                clients.Add((http.ModernClient(), Modern(0)));
            }

            for (var i = 0; i < SseClients; i++) clients.Add((await http.SseClientAsync(), Targets("pipeEvents0", "webLegacy", "webSse")));
            for (var i = 1; i <= 2 * StdioRoutersPerEra; i++)
            {
                var modern = i % 2 == 0;
                routers.Add(modern ? await Router.StdioAsync(Configured(i), modern) : await Router.LegacyAsync(Configured(i)));
                clients.Add((routers[^1].Stdio, modern ? Modern(i) : Legacy(i)));
            }

            Assert.Equal(Clients, clients.Count);
            var tally = new Tally();
            Caller[] callers = [.. clients.Select((c, i) => new Caller(c.Client, i, c.Targets, seed, tally))];
            await Task.WhenAll(callers.Select(c => c.SubscribeAsync()));
            var begun = Stopwatch.GetTimestamp();
            await Task.WhenAll(callers.Select(c => c.RunAsync((IsolationSettings.Calls + Clients - 1) / Clients, Clients)));
            var took = Stopwatch.GetElapsedTime(begun);
            await Task.WhenAll(callers.Select(c => c.SettleAsync()));

            var summary = $"seed {seed}, {took.TotalSeconds:0.0} s: {tally}";
            output?.WriteLine(summary);
            Assert.True(tally.FaultCount == 0, $"{summary}\n{string.Join('\n', tally.Faults)}");
            Assert.Equal(tally.Sent, tally.Answered + tally.CanceledCalls);
            Assert.True(tally.Sent >= IsolationSettings.Calls, summary);
            Assert.True(tally.CanceledCalls > 0 && tally.ProgressSeen > 0 && tally.UpdatesSeen > 0, summary);
        }
        finally
        {
            foreach (var router in routers) await router.DisposeAsync();
        }
    }
}
