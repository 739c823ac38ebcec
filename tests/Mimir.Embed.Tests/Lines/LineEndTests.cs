using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Lines;

/// <summary>Lines whose host stops, whose app stalls, and whose client does not read.</summary>
public sealed class LineEndTests
{
    private const string Hello = """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""" + "\n";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Stop_WhileACallRuns_CallIsAnsweredAndOthersAreRefused()
    {
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var host = new McpHost(new McpHostOptions { IsAnnounced = false });
        host.Tools.Add("slow", "", async () =>
        {
            begun.SetResult();
            await goOn.Task;
            return "done";
        }, RunOn.Worker);
        await using var line = await RawLine.OpenAsync(host);

        await line.SayAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"slow\"}}");
        await begun.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        var stopping = host.StopAsync();
        JsonElement refused;
        do
        {
            await line.SayAsync("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}");
            refused = await line.HearAsync();
        }
        while (!refused.TryGetProperty("error", out _));
        goOn.SetResult();
        var answer = await line.HearAsync();
        await stopping.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Equal("The host is stopping.", refused.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("done", answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Stop_ToolWhoseCancellationThrows_StopsAllTheSame()
    {
        var log = new List<string>();
        var begun = new TaskCompletionSource();
        await using var web = Web.Open(
            host => host.Tools.Add("bad", "", async (ToolContext context) =>
            {
                context.Cancellation.Register(static () => throw new InvalidOperationException("by design"));
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, context.Cancellation);
            }, RunOn.Worker),
            options => options.Log = line =>
            {
                lock (log) log.Add(line);
            });
        var client = await web.ConnectAsync();
        var call = client.CallToolAsync("bad").AsTask();
        await begun.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        await web.Host.StopAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.False(web.Host.IsRunning);
        await Assert.ThrowsAnyAsync<Exception>(async () => await call.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        await using var next = new McpHost(new McpHostOptions { Port = web.Port, IsAnnounced = false });
        Assert.True(next.Start().IsRunning);
        Assert.Contains(log, static l => l.Contains("A tool failed as it was told to end: InvalidOperationException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Report_LoopStallsAndWritesTakeTheirTime_OthersAreAnswered()
    {
        using var loop = new Loop();
        using var goOn = new ManualResetEventSlim();
        var up = new Pipe();
        var down = new Pipe();
        await using var host = new McpHost(new McpHostOptions { IsAnnounced = false, MainThread = loop.Queue });
        host.Tools.Add("stall", "", async (ToolContext context) =>
        {
            var told = context.ReportAsync(1);
            goOn.Wait(s_patience);
            await told;
        });
        host.Tools.Add("other", "", static () => "answered", RunOn.Worker);
        var serving = host.ServeAsync(up.Reader.AsStream(), new LateStream(down.Writer.AsStream()), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(down.Reader.AsStream());

        await SayAsync(up, Hello);
        await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        await SayAsync(up, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"stall\",\"_meta\":{\"progressToken\":\"p\"}}}\n");
        var progress = await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await SayAsync(up, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"other\"}}\n");
        var answer = await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_patience / 2, TestContext.Current.CancellationToken);
        goOn.Set();
        await host.StopAsync();
        await serving.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Contains("notifications/progress", progress, StringComparison.Ordinal);
        Assert.Contains("answered", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_ClientDoesNotRead_LineEndsSoon()
    {
        var up = new Pipe();
        var down = new Pipe(new PipeOptions(pauseWriterThreshold: 10, resumeWriterThreshold: 5));
        using var end = new CancellationTokenSource();
        await using var host = new McpHost(new McpHostOptions { IsAnnounced = false });
        var serving = host.ServeAsync(up.Reader.AsStream(), down.Writer.AsStream(), end.Token);
        await SayAsync(up, Hello);
        await Task.Delay(300, TestContext.Current.CancellationToken);

        await end.CancelAsync();

        // The client has 30 s to read when nobody ends the line.
        await serving.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
    }

    private static async Task SayAsync(Pipe up, string text) => await up.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
}
