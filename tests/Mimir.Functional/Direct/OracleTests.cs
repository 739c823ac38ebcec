using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Isolation;
using Mimir.Functional.Oracle;

namespace Mimir.Functional.Direct;

/// <summary>The oracle against the wicked server without a router between: it finds nothing where there is nothing, and a liar at once.</summary>
public sealed class OracleTests
{
    [Fact]
    public async Task Run_HonestServers_FindsNothing()
    {
        var tally = await RunAsync("");

        Assert.True(tally.FaultCount == 0, $"{tally}\n{string.Join('\n', tally.Faults)}");
        Assert.Equal(tally.Sent, tally.Answered + tally.CanceledCalls);
        Assert.True(tally.CanceledCalls > 0 && tally.ProgressSeen > 0 && tally.UpdatesSeen > 0, tally.ToString());
    }

    [Fact]
    public async Task Run_ServerThatSwapsAnswers_IsCaught()
    {
        var tally = await RunAsync(",\"swapAnswers\":true");

        Assert.Contains(tally.Faults, f => f.StartsWith("mis-delivered", StringComparison.Ordinal));
    }

    private static async Task<Tally> RunAsync(string script)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"direct\",\"era\":\"Dual\"" + script);
        using var process = Process.Start(new ProcessStartInfo(Repository.Wicked, ["--script", $"{{\"name\":\"piped\",\"era\":\"Dual\"{script}}}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await using var modern = new ModernHttpClient(http.Url.ToString());
        await using var legacy = new LegacyHttpClient(http.Url.ToString());
        await legacy.InitializeAsync();
        await using var sse = new SseClient(http.Sse.ToString());
        await sse.InitializeAsync();
        await using var stdio = new StdioClient(process);
        await stdio.InitializeAsync();

        RawClient[] clients = [modern, legacy, sse, stdio];
        var tally = new Tally();
        Caller[] callers = [.. clients.Select((c, i) => new Caller(c, i, [new Target("ledger", c == stdio ? "piped" : "direct")], IsolationSettings.Seed, tally))];
        foreach (var caller in callers) await caller.SubscribeAsync();
        await Task.WhenAll(callers.Select(c => c.RunAsync(300, clients.Length)));
        foreach (var caller in callers) await caller.SettleAsync();
        stdio.CloseInput();
        await process.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {IsolationSettings.Seed}: {tally}");
        return tally;
    }
}
