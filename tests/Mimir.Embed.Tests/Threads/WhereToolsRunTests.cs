using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Threads;
using Mimir.Embed.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Threads;

/// <summary>Where tools run, and what happens when the thread they wait for does not.</summary>
public sealed class WhereToolsRunTests : IDisposable
{
    private readonly Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task Call_MainTool_RunsOnTheLoopsThreadAndStaysThere()
    {
        var host = Host();
        host.Tools.Add("where", "", async (ToolContext context) =>
        {
            var first = Environment.CurrentManagedThreadId;
            await Task.Delay(1, context.Cancellation);
            await context.NextFrameAsync();
            return $"{first == _loop.ThreadId} {Environment.CurrentManagedThreadId == _loop.ThreadId}";
        });
        host.Tools.Add("worker", "", () => $"{Environment.CurrentManagedThreadId == _loop.ThreadId}", RunOn.Worker);
        host.Tools.Add("caller", "", () => $"{Environment.CurrentManagedThreadId == _loop.ThreadId}", RunOn.Caller);
        await using var line = await Line.OpenAsync(host);

        Assert.Equal(("True True", "False", "False"), (await SayAsync(line, "where"), await SayAsync(line, "worker"), await SayAsync(line, "caller")));
    }

    [Fact]
    public async Task Call_StalledLoop_IsATimeoutThatSaysSo_AndTheCallIsNotRunLater()
    {
        var ran = 0;
        var host = Host(TimeSpan.FromMilliseconds(200));
        host.Tools.Add("count", "", () => Interlocked.Increment(ref ran));
        host.Tools.Add("worker", "", () => "worked", RunOn.Worker);
        await using var line = await Line.OpenAsync(host);

        _loop.Stall();
        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CallToolAsync("count"));
        Assert.Contains("The main thread has not run for 0.2 s: the app's loop stalls, or nothing pumps it.", error.Message, StringComparison.Ordinal);
        Assert.Equal(McpErrorCode.InternalError, error.ErrorCode);
        Assert.Equal("worked", await SayAsync(line, "worker"));

        _loop.GoOn();
        Assert.Equal("1", await SayAsync(line, "count"));
    }

    [Fact]
    public async Task Call_LongOneOnMain_HoldsUpNoOther()
    {
        var gate = new TaskCompletionSource();
        var host = Host();
        host.Tools.Add("long", "", async () =>
        {
            await gate.Task;
            return "long";
        });
        host.Tools.Add("quick", "", () => "quick");
        await using var line = await Line.OpenAsync(host);

        var first = SayAsync(line, "long");
        Assert.Equal("quick", await SayAsync(line, "quick"));
        Assert.False(first.IsCompleted);
        gate.SetResult();
        Assert.Equal("long", await first);
    }

    [Fact]
    public async Task Call_Cancelled_ReachesTheTool()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = Host();
        host.Tools.Add("wait", "", async (CancellationToken cancellation) =>
        {
            begun.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            }
            finally
            {
                ended.SetResult();
            }
        });
        await using var line = await RawLine.OpenAsync(host);

        await line.SayAsync("""{"jsonrpc":"2.0","id":"c","method":"tools/call","params":{"name":"wait"}}""");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await line.SayAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c"}}""");

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await line.SayAsync("""{"jsonrpc":"2.0","id":"p","method":"ping"}""");
        Assert.Equal("p", (await line.HearAsync()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Call_ThatTakesTooLong_IsAnErrorThatSaysSo()
    {
        var host = new McpHost(new McpHostOptions { MainThread = _loop.Queue, CallTimeout = TimeSpan.FromMilliseconds(100) });
        host.Tools.Add("deaf", "", () => Task.Delay(Timeout.InfiniteTimeSpan), RunOn.Worker);
        await using var line = await Line.OpenAsync(host);

        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CallToolAsync("deaf"));

        Assert.Contains("The tool deaf has not ended within 0.1 s.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_Progress_ComesInOrderBeforeTheAnswer()
    {
        var host = Host();
        host.Tools.Add("steps", "", async (ToolContext context) =>
        {
            for (var i = 1; i <= 3; i++) await context.ReportAsync(i, 3, $"step {i}");
        });
        await using var line = await RawLine.OpenAsync(host);

        await line.SayAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"steps","_meta":{"progressToken":"t"}}}""");

        for (var i = 1; i <= 3; i++)
        {
            var told = (await line.HearAsync()).GetProperty("params");
            Assert.Equal(("t", i, 3, $"step {i}"), (told.GetProperty("progressToken").GetString(), told.GetProperty("progress").GetInt32(), told.GetProperty("total").GetInt32(), told.GetProperty("message").GetString()));
        }

        Assert.Equal("Done.", (await line.HearAsync()).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Call_WithoutAMainThread_ToolsRunOneAtATime()
    {
        var (inside, most) = (0, 0);
        var host = new McpHost();
        host.Tools.Add("alone", "", () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Thread.Yield();
            Interlocked.Decrement(ref inside);
        });
        await using var line = await Line.OpenAsync(host);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => SayAsync(line, "alone")));

        Assert.Equal(1, most);
    }

    private McpHost Host(TimeSpan? stall = null) => new(new McpHostOptions { MainThread = _loop.Queue, MainThreadTimeout = stall ?? TimeSpan.FromSeconds(20) });

    private static async Task<string> SayAsync(Line line, string tool) => ((TextContentBlock)(await line.Client.CallToolAsync(tool)).Content[0]).Text;
}
