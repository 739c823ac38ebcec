using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Listeners;

/// <summary>A router on a port that is asked to stop.</summary>
public sealed class ShutdownTests
{
    [Fact(Timeout = 60_000)]
    public async Task Term_StreamsAreOpen_TheyEndInGoodOrderAndNobodyWaits()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("new", "\"era\":\"Modern\""));
        var modern = router.ModernClient();
        var listen = modern.RequestAsync("\"l\"", "subscriptions/listen", Envelope.Params("\"notifications\":{\"toolsListChanged\":true}"));
        await modern.NotificationAsync("notifications/subscriptions/acknowledged");
        await router.LegacyClientAsync();
        var begun = Stopwatch.GetTimestamp();

        Assert.Equal(0, Posix.Kill(router.Process.Id, Posix.Term));
        var ended = await listen;
        await router.Process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(2.5), $"{Stopwatch.GetElapsedTime(begun)}");
        Assert.Equal(200, ended.Status);
        Assert.Null(ended.Code);
        Assert.Equal("complete", ended.Result.At("resultType").Str());
        Assert.Equal(0, router.Process.ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Term_CallInFlight_IsStillAnswered()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("new", "\"era\":\"Modern\""));
        var modern = router.ModernClient();
        await modern.ToolNamesAsync();
        var call = modern.CallAsync("new_ledger", "{\"nonce\":\"n\",\"delayMs\":1000}");
        await Task.Delay(300, TestContext.Current.CancellationToken);

        Assert.Equal(0, Posix.Kill(router.Process.Id, Posix.Term));

        Verdict.Ledger("new", "n", await call);
    }
}
