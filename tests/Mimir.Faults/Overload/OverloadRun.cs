using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Mimir.Faults.Matrix;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Overload;

/// <summary>
/// A server that can do so many calls a second, and more of them: as fast as it can, twice that, four times that, and what comes after.
/// Calls come at their times whether those before them have ended or not, as those of many clients do.
/// </summary>
/// <param name="settings">How much.</param>
internal sealed class OverloadRun(RunSettings settings)
{
    private const int Width = 8;
    private const int DelayMs = 100;
    private const double Capacity = Width * 1000.0 / DelayMs;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Answers a second when as many calls are made as are answered.</summary>
    public double Peak { get; private set; }

    /// <summary>Answers a second at twice the capacity.</summary>
    public double AtTwice { get; private set; }

    /// <summary>Answers a second at four times the capacity.</summary>
    public double AtFourTimes { get; private set; }

    /// <summary>The 99th percentile of what a refusal took at four times the capacity, in ms.</summary>
    public double RefusalP99 { get; private set; }

    /// <summary>Refusals.</summary>
    public int Refusals { get; private set; }

    /// <summary>From the end of the overload until a call takes as long as it should, in ms.</summary>
    public double RecoveryMs { get; private set; }

    /// <summary>By how much the router's memory has grown, in MiB.</summary>
    public double GrowthMiB { get; private set; }

    /// <summary>Everything that must not be.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();

    /// <summary>What came of it, in a line.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"answers a second: {Peak:0} at capacity, {AtTwice:0} at twice ({AtTwice / Peak:P0}), {AtFourTimes:0} at four times ({AtFourTimes / Peak:P0}); {Refusals} refusals, p99 {RefusalP99:0.0} ms; {RecoveryMs:0} ms until well again; memory +{GrowthMiB:0.0} MiB");

    /// <summary>Runs.</summary>
    public async Task RunAsync()
    {
        var config = new Config(new Marker()).Stdio("s", "\"era\":\"Modern\"", $"\"protocol\":\"2026-07-28\",\"maxConcurrent\":{Width},\"maxQueued\":{2 * Width}");
        await using var router = await Router.HttpAsync(config);
        var client = router.ModernClient();
        var seconds = settings.Scale >= 1 ? 20 : 4;
        await OpenLoopAsync(client, Capacity, 1);
        var before = Memory(router);

        Peak = await ClosedLoopAsync(client, seconds);
        AtTwice = (await OpenLoopAsync(client, 2 * Capacity, seconds)).Answered;
        var four = await OpenLoopAsync(client, 4 * Capacity, seconds);
        AtFourTimes = four.Answered;
        Refusals = four.Refused.Count;
        RefusalP99 = four.Refused.IsEmpty ? 0 : four.Refused.Order().ElementAt((int)(four.Refused.Count * 0.99));
        var over = Stopwatch.GetTimestamp();
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            var reply = await CallAsync(client);
            if (reply.Code is null && Stopwatch.GetElapsedTime(began).TotalMilliseconds < 3 * DelayMs) break;
            Assert.True(Stopwatch.GetElapsedTime(over) < s_limit, Summary);
        }

        RecoveryMs = Stopwatch.GetElapsedTime(over).TotalMilliseconds;
        GrowthMiB = Memory(router) - before;
        while (client.Strays.TryDequeue(out var stray)) Wrong.Enqueue("nobody waits for " + stray);
    }

    private static double Memory(Router router)
    {
        using var process = Process.GetProcessById(router.Process.Id);
        return process.WorkingSet64 / 1048576.0;
    }

    private static Task<Reply> CallAsync(RawClient client) =>
        client.AskAsync("tools/call", $"\"name\":\"s_ledger\",\"arguments\":{{\"nonce\":\"x\",\"delayMs\":{DelayMs}}}", s_limit);

    /// <summary>As many calls at a time as the server may have open.</summary>
    private async Task<double> ClosedLoopAsync(RawClient client, int seconds)
    {
        var answered = 0;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Width).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
            {
                var reply = await CallAsync(client);
                if (reply.Code is null) Interlocked.Increment(ref answered);
                else Wrong.Enqueue($"refused at capacity: {reply}");
            }
        }));
        return answered / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private async Task<(double Answered, ConcurrentQueue<double> Refused)> OpenLoopAsync(RawClient client, double perSecond, int seconds)
    {
        var refused = new ConcurrentQueue<double>();
        var calls = new List<Task>();
        var answered = 0;
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds is var now && now < seconds)
        {
            while (calls.Count < now * perSecond) calls.Add(OneAsync());
            await Task.Delay(5);
        }

        var made = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var inTime = Volatile.Read(ref answered);
        await Task.WhenAll(calls);
        return (inTime / made, refused);

        async Task OneAsync()
        {
            var start = Stopwatch.GetTimestamp();
            var reply = await CallAsync(client);
            if (reply.Code is null)
            {
                Interlocked.Increment(ref answered);
                return;
            }

            refused.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (reply.Error.At("data", "retryable").ValueKind != System.Text.Json.JsonValueKind.True || reply.Error.At("data", "server").Str() != "s") Wrong.Enqueue($"not a clear refusal: {reply}");
        }
    }
}
