using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Stdio;

namespace Mimir.Router.Tests.Upstreams.Stdio;

/// <summary>What a child did not take before it was gone did not run, and whoever asked is not told otherwise.</summary>
public sealed class LineConnectionTests : IAsyncDisposable
{
    private readonly ReportedEvents _events = new() { TakesBack = true };
    private readonly CountingLine _line = new();
    private readonly LineConnection _connection;

    public LineConnectionTests() => _connection = Connect(_line, new LimitsModel());

    [Fact]
    public void Call_LineBroken_IsGivenBack()
    {
        _line.Break();

        var first = Call("1");
        var second = Call("2");

        Assert.True(_connection.IsOpen);
        Assert.Contains("\"name\":\"call 2\"", Assert.Single(_events.Unsent), StringComparison.Ordinal);

        // What broke the line waits for those who know why.
        _connection.Close("it ended");
        Assert.Contains("\"name\":\"call 1\"", _events.Unsent.Last(), StringComparison.Ordinal);
        Assert.Equal((0, false, false), (_connection.Pending.Count, first.End.IsCompleted, second.End.IsCompleted));
    }

    [Fact]
    public async Task Call_LineBrokenAndNobodySendsItAgain_FailsAsWhatMayBeTriedAgain()
    {
        _events.TakesBack = false;
        _line.Break();

        var (first, second) = (Call("1"), Call("2"));
        _connection.Close("it ended");

        foreach (var call in new[] { first, second })
        {
            var error = await call.End.Within();
            Assert.Contains("-31003", error, StringComparison.Ordinal);
            Assert.Contains("\"retryable\":true", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Close_SomeCallsWaitToBeWritten_TheyAreGivenBackAndTheOthersFail()
    {
        _line.Allow(10);
        var begun = Call("1");
        var waiting = Call("2");

        _connection.Close("it ended");

        Assert.Contains("\"retryable\":false", await begun.End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"name\":\"call 2\"", Assert.Single(_events.Unsent), StringComparison.Ordinal);
        Assert.Equal((0, false), (_connection.Pending.Count, waiting.End.IsCompleted));
    }

    /// <summary>What the pipe still holds when its reader is gone did not run; what the reader has begun to take may have.</summary>
    [Theory]
    [InlineData(0, "call 1,call 2,call 3")]
    [InlineData(10, "call 2,call 3")]
    [InlineData(-10, "")]
    public async Task Close_CallsThatNobodyRead_AreGivenBackAndTheOthersFail(int read, string expected)
    {
        TestExchange[] calls = [Call("1"), Call("2"), Call("3")];
        _line.PeerRead = read < 0 ? _line.Text.Length + read : read;

        _connection.Close("it ended by signal 9");

        Assert.Equal(expected, string.Join(',', _events.Unsent.Select(static f => f[f.IndexOf("call ", StringComparison.Ordinal)..][..6])));
        foreach (var call in calls.SkipLast(_events.Unsent.Count)) Assert.Contains("\"retryable\":false", await call.End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_CallsThatNobodyRead_AreNotTakenBackFromAPeerThatLives()
    {
        var call = Call("1");
        _line.PeerRead = 0;

        await _connection.DisposeAsync();

        Assert.Empty(_events.Unsent);
        Assert.Contains("\"retryable\":false", await call.End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ConnectionClosed_IsGivenBack()
    {
        _connection.Close("it ended");

        var call = Call("1");

        Assert.Single(_events.Unsent);
        Assert.False(call.End.IsCompleted);
        await _connection.DisposeAsync();
    }

    [Fact]
    public async Task Reply_PingsWithoutEndAndNothingRead_KeepsWhatMayBeQueuedAndCallsStillPass()
    {
        const int Pings = 20_000;
        const int MostQueued = 100_000;
        using var line = new CountingLine
        {
            Says = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Pings).Select(i => $"{{\"jsonrpc\":\"2.0\",\"id\":{i},\"method\":\"ping\"}}\n"))),
        };
        line.Allow(0);
        await using var connection = Connect(line, new LimitsModel { MaxQueuedBytes = MostQueued });
        await connection.LineEnded.Within();

        Call("99", connection);
        line.Allow(int.MaxValue);

        await Patience.UntilAsync(() => line.Text.Contains("call 99", StringComparison.Ordinal));
        Assert.InRange(line.Text.Length, MostQueued / 2, MostQueued + 500);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _line.Dispose();
    }

    private LineConnection Connect(CountingLine line, LimitsModel limits) => new(
        new ConnectionOrder
        {
            Server = House.Server("s"),
            Era = Era.Legacy,
            Profile = ClientProfile.Plain,
            Limits = limits,
            Events = _events,
            Handshake = (_, _) => Task.CompletedTask,
            Clock = new MonotonicClock(new ManualTime()),
        },
        line,
        static () => ValueTask.CompletedTask,
        watched: true);

    private TestExchange Call(string id, LineConnection? connection = null)
    {
        var frame = Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"call {{{id}}}"} }""");
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        var exchange = new TestExchange();
        var generation = exchange.Begin();
        exchange.CallerId.Set(envelope.Id.Of(frame));
        (connection ?? _connection).Call(exchange, generation, frame, envelope, default);
        return exchange;
    }
}
