using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Threads;

namespace Mimir.EmbedBench;

/// <summary>A loop of 60 frames a second that pumps 2 ms of each, while many clients call tools on it and beside it over HTTP.</summary>
internal sealed class FrameCost
{
    private static readonly TimeSpan s_budget = TimeSpan.FromMilliseconds(2);
    private readonly MainThreadQueue _queue = new();
    private readonly ConcurrentQueue<double> _frames = new();
    private volatile bool _isMeasured, _isOver;

    public async Task<string> RunAsync(int clients, int calls)
    {
        var loop = new Thread(Loop) { IsBackground = true };
        loop.Start();
        await using var host = new McpHost(new McpHostOptions { Port = 0, IsAnnounced = false, MainThread = _queue, MainThreadTimeout = TimeSpan.FromSeconds(30), MaxSessions = 1000 });
        var (onMain, onWorkers) = (0, 0);
        host.Tools.Add("main", "On the loop's thread.", (int number) => $"{number}:{++onMain > 0}");
        host.Tools.Add("worker", "Beside it.", (int number) => $"{number}:{Interlocked.Increment(ref onWorkers) > 0}", RunOn.Worker);
        host.Start();

        _isMeasured = true;
        await Task.Delay(TimeSpan.FromSeconds(3));
        var idle = Take();
        var begun = Stopwatch.GetTimestamp();
        var wrong = await Task.WhenAll(Enumerable.Range(0, clients).Select(i => ClientAsync(host.Endpoint!, i, calls / clients)));
        var took = Stopwatch.GetElapsedTime(begun);
        var busy = Take();
        _isOver = true;
        loop.Join();

        var made = clients * (calls / clients);
        var text = new StringBuilder();
        text.AppendLine("## A loop of 60 frames a second");
        text.AppendLine();
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{clients} clients, {made} calls over HTTP, every other one on the loop's thread, in {took.TotalSeconds:0.0} s; {wrong.Sum()} lost, wrong or out of order; {onMain} ran on the loop, {onWorkers} beside it. The loop gives 2 ms of a frame."));
        text.AppendLine();
        text.AppendLine("| | frames | time in the pump, p50 (ms) | p99 (ms) | greatest (ms) | over the budget at p99 (ms) |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|");
        text.AppendLine(Row("nobody calls", idle));
        text.AppendLine(Row($"{clients} clients", busy));
        return text.ToString();
    }

    private static string Row(string name, double[] frames) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {frames.Length} | {At(frames, 0.5):0.000} | {At(frames, 0.99):0.000} | {frames[^1]:0.000} | {Math.Max(0, At(frames, 0.99) - s_budget.TotalMilliseconds):0.000} |");

    private static double At(double[] sorted, double part) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];

    private static async Task<int> ClientAsync(Uri endpoint, int client, int calls)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        var wrong = 0;
        for (var i = 0; i < calls; i++)
        {
            var number = (client * 1_000_000) + i;
            using var body = new StringContent(
                string.Create(CultureInfo.InvariantCulture, $"{{\"jsonrpc\":\"2.0\",\"id\":{number},\"method\":\"tools/call\",\"params\":{{\"name\":\"{(i % 2 == 0 ? "main" : "worker")}\",\"arguments\":{{\"number\":{number}}}}}}}"));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync(endpoint, body);
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
            var isRight = json.RootElement.GetProperty("id").GetInt32() == number && json.RootElement.TryGetProperty("result", out var result)
                && result.GetProperty("content")[0].GetProperty("text").GetString() == $"{number}:True";
            if (!isRight) wrong++;
        }

        return wrong;
    }

    private double[] Take()
    {
        var taken = _frames.ToArray();
        _frames.Clear();
        Array.Sort(taken);
        return taken;
    }

    private void Loop()
    {
        var next = Stopwatch.GetTimestamp();
        while (!_isOver)
        {
            var begun = Stopwatch.GetTimestamp();
            _queue.Pump(s_budget);
            if (_isMeasured) _frames.Enqueue(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            next += Stopwatch.Frequency / 60;
            var left = (next - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency;
            if (left > 0) Thread.Sleep((int)left);
            else next = Stopwatch.GetTimestamp();
        }
    }
}
