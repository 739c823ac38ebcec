using System.Diagnostics;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Life;

/// <summary>Servers that nobody uses cost nothing and are listed all the same.</summary>
public sealed class HibernationTests(ITestOutputHelper output)
{
    private const int Servers = 50;

    /// <summary>How much more memory than one without servers a router may use that keeps the tools of all of them, in MiB.</summary>
    private const long MostMore = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact(Timeout = 300_000)]
    public async Task FiftyServers_NobodyUsesThem_AreListedWithoutAProcessAndACallWakesOne()
    {
        var config = new Config(new Marker()).Limits("\"listGrace\":\"60s\"");
        for (var i = 0; i < Servers; i++) config.Stdio($"s{i}", more: "\"idleTimeout\":\"3s\",\"startupTimeout\":\"120s\"");
        await using var router = await Router.HttpAsync(config);
        await using var none = await Router.HttpAsync(new Config(new Marker()));
        var before = Children(router);

        var first = await router.LegacyClientAsync();
        string[] expected = [.. Enumerable.Range(0, Servers).Select(i => $"s{i}_echo")];
        Assert.Equal(expected, (await first.ToolNamesAsync()).Intersect(expected));

        var slept = Stopwatch.StartNew();
        while (Children(router) > 0 && slept.Elapsed < Patience) await Task.Delay(100);
        Assert.Equal(0, Children(router));
        await (await none.LegacyClientAsync()).ToolNamesAsync();
        output.WriteLine($"{before} children before the list, 0 after {slept.Elapsed.TotalSeconds:0.0} s; router {MiB(router)} MiB, one without servers {MiB(none)} MiB");
        Assert.InRange(MiB(router), 1, MiB(none) + MostMore);

        var asked = Stopwatch.StartNew();
        var second = await router.LegacyClientAsync();
        Assert.Equal(expected, (await second.ToolNamesAsync()).Intersect(expected));
        output.WriteLine($"a new client had all tools after {asked.Elapsed.TotalMilliseconds:0} ms");
        Assert.Equal(0, Children(router));

        var reply = await second.CallAsync("s7_echo");
        Assert.True(reply.Code is null, reply.ToString());
        Assert.Single(router.Marker.Living("s7"));
        Assert.Equal(1, Children(router));
    }

    private static long MiB(Router router)
    {
        router.Process.Refresh();
        return router.Process.WorkingSet64 >> 20;
    }

    private static int Children(Router router) => Enumerable.Range(0, Servers).Sum(i => router.Marker.Living($"s{i}").Count);
}
