using System.Globalization;
using System.Text.Json;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Bridging;

/// <summary>
/// Calls whose clients never come back, at a legacy server over HTTP that asks on the response stream, so that each holds a connection.
/// More of them: <c>MIMIR_PARKED_CALLS</c>.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AbandonedCallsTests : IAsyncDisposable
{
    // Each parked call takes two descriptors of this process, and four more when it is abandoned.
    private const int Wave = 2000;
    private const int Batch = 250;

    // Pools of buffers and sockets grow and shrink by about as much; what is kept of each call is a multiple of it.
    private const long MostGrowth = 20 << 20;
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(10);
    private readonly ManualTime _time = new();
    private readonly TinyLegacy _server = new();
    private readonly House _house;
    private int _questions;
    private int _open;
    private int _declined;
    private int _cancelled;
    private volatile bool _asks = true;

    public AbandonedCallsTests()
    {
        _server.OnCall = CallAsync;
        _server.OnMessage = message =>
        {
            if (message.Method is null)
            {
                Assert.Equal("cancel", message.Body.GetProperty("result").GetProperty("action").GetString());
                Interlocked.Increment(ref _declined);
            }
            else if (message.Method == "notifications/cancelled")
            {
                Interlocked.Increment(ref _cancelled);
            }
        };
        _house = House.Behind(_server.Http, _time, new LimitsModel { MaxParked = Wave, ParkTimeout = TimeSpan.FromSeconds(30) });
    }

    private static int Calls { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("MIMIR_PARKED_CALLS"), CultureInfo.InvariantCulture, out var calls) ? calls : 10_000;

    [Fact]
    public async Task Sweep_NobodyComesBack_NothingIsLeft()
    {
        // What is pooled is there after the first wave.
        await ParkAsync(Wave);
        await AbandonAsync();
        var before = await MemoryAsync();
        var parked = 0L;

        for (var left = Calls; left > 0; left -= Wave)
        {
            await ParkAsync(Math.Min(left, Wave));
            parked = Math.Max(parked, GC.GetTotalMemory(forceFullCollection: true));
            await AbandonAsync();
        }

        var after = await MemoryAsync();
        var summary = string.Create(CultureInfo.InvariantCulture, $"{before >> 10} KiB before, {parked >> 10} KiB while {Wave} waited, {after >> 10} KiB after {Calls}");
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.True(after - before < MostGrowth, summary);
        _asks = false;
        Assert.Contains("\"done\"", await Call().End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_AsManyWaitAsMay_OneMoreIsRefusedForNowAndCancelled()
    {
        await ParkAsync(Wave);

        var beyond = Call();
        await EndAsync([beyond]);

        using var answer = JsonDocument.Parse(await beyond.End);
        var error = answer.RootElement.GetProperty("error");
        Assert.Contains("limits.maxParked", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        // It had begun when the server asked.
        Assert.False(error.GetProperty("data").GetProperty("retryable").GetBoolean(), answer.RootElement.GetRawText());
        await Patience.UntilAsync(() => (_declined, _cancelled, _open) == (1, 1, Wave));
        Assert.Equal(Wave, _house.Engine.Bridge.ParkedCount);
        await AbandonAsync(more: 1);
        await ParkAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        await _house.DisposeAsync();
        await _server.DisposeAsync();
    }

    private TestExchange Call() => _house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}", capabilities: """{"elicitation":{}}""");

    /// <summary>Makes calls that all are asked something, and that nobody answers.</summary>
    private async Task ParkAsync(int calls)
    {
        for (var left = calls; left > 0; left -= Batch)
        {
            var batch = Enumerable.Range(0, Math.Min(left, Batch)).Select(_ => Call()).ToList();
            await EndAsync(batch);
            foreach (var call in batch)
            {
                Assert.Contains("\"input_required\"", await call.End, StringComparison.Ordinal);
            }
        }

        Assert.Equal((calls, calls), (_house.Engine.Bridge.ParkedCount, _open));
    }

    /// <summary>Lets the time go by in which the clients had to be back, and looks what is left.</summary>
    private async Task AbandonAsync(int more = 0)
    {
        var calls = _house.Engine.Bridge.ParkedCount;
        _time.Advance(TimeSpan.FromSeconds(31));
        await Patience.UntilAsync(() => (_open, _declined, _cancelled) == (0, calls + more, calls + more));
        await Patience.UntilAsync(() => _house.Engine.Bridge.ParkedCount == 0);
        Assert.All(_house.Pool("x").Slots, slot => Assert.Equal(0, slot.Live?.Pending.Count ?? 0));
        (_declined, _cancelled) = (0, 0);
        _server.Http.Requests.Clear();
    }

    private async Task EndAsync(List<TestExchange> calls) => await Patience.UntilAsync(() =>
    {
        _time.Advance(Together);
        return calls.TrueForAll(c => c.End.IsCompleted);
    });

    /// <summary>The memory in use, without the connections that idle until they are needed again.</summary>
    private async Task<long> MemoryAsync()
    {
        _server.Http.Break();
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            least = Math.Min(least, GC.GetTotalMemory(forceFullCollection: true));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return least;
    }

    private async Task CallAsync(TinyRequest request, TinyReply reply)
    {
        if (!_asks)
        {
            await reply.AnswerAsync(request, """{"content":[{"type":"text","text":"done"}]}""");
            return;
        }

        var question = Interlocked.Increment(ref _questions);
        Interlocked.Increment(ref _open);
        await reply.StartEventsAsync();
        await reply.EventAsync(
            $$$"""{"jsonrpc":"2.0","id":{{{question}}},"method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object"} } }""");
        await reply.LeftAsync();
        Interlocked.Decrement(ref _open);
    }
}
