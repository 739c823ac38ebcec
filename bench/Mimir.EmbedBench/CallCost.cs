using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.EmbedBench;

/// <summary>Calls one after the other over pipes in this process, into the SDK's own server and into a host. Interleaved; ratios are taken inside a round.</summary>
internal sealed class CallCost
{
    private const string Revision = "2025-11-25";

    public async Task<string> RunAsync(int rounds, int perRound)
    {
        await using var theirs = new Duplex();
        await using var ours = new Duplex();
        using var end = new CancellationTokenSource();
        await using var server = McpServer.Create(new StreamServerTransport(theirs.ServerInput, theirs.ServerOutput, "theirs"), new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "theirs", Version = "1" },
            ToolCollection = [McpServerTool.Create(() => "ok", new McpServerToolCreateOptions { Name = "noop", Description = "Nothing." })],
        });
        _ = server.RunAsync(end.Token);
        await using var host = new McpHost(new McpHostOptions { IsAnnounced = false });
        host.Tools.Add("noop", "Nothing.", () => "ok", RunOn.Caller);
        _ = host.ServeAsync(ours.ServerInput, ours.ServerOutput, end.Token);
        await theirs.ConnectAsync(Revision);
        await ours.ConnectAsync(Revision);

        await MeasureAsync(theirs, perRound);
        await MeasureAsync(ours, perRound);
        var times = new List<double>();
        var bytes = new List<(double Theirs, double Ours)>();
        var (least, most) = (double.MaxValue, 0.0);
        for (var round = 0; round < rounds; round++)
        {
            var isTurned = round % 2 == 1;
            var first = await MeasureAsync(isTurned ? ours : theirs, perRound);
            var second = await MeasureAsync(isTurned ? theirs : ours, perRound);
            var (a, b) = isTurned ? (second, first) : (first, second);
            times.Add(b.Micros / a.Micros);
            bytes.Add((a.Bytes, b.Bytes));
            (least, most) = (Math.Min(least, times[^1]), Math.Max(most, times[^1]));
        }

        await end.CancelAsync();
        times.Sort();
        var text = new StringBuilder();
        text.AppendLine("## A call into a tool that does nothing");
        text.AppendLine();
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{rounds} rounds of {perRound} calls each, one after the other, over pipes in one process, client and server together."));
        text.AppendLine();
        text.AppendLine("| | time, host / SDK's server (median, least to greatest) | bytes a call, SDK's server | bytes a call, host |");
        text.AppendLine("|---|--:|--:|--:|");
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"| no-op tool, on the thread of the request | {times[rounds / 2]:0.00} ({least:0.00} to {most:0.00}) | {bytes.Average(static b => b.Theirs):0} | {bytes.Average(static b => b.Ours):0} |"));
        return text.ToString();
    }

    private static async Task<(double Micros, double Bytes)> MeasureAsync(Duplex line, int calls)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) await line.Client.CallToolAsync("noop");
        return (Stopwatch.GetElapsedTime(begun).TotalMicroseconds / calls, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)calls);
    }
}
