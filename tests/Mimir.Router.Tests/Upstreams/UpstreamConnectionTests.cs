using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;
using Mimir.Router.Upstreams.Stdio;

namespace Mimir.Router.Tests.Upstreams;

public sealed class UpstreamConnectionTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ReportedEvents _events = new();
    private readonly LineConnection _connection;
    private readonly StreamReader _heard;
    private readonly Stream _output;

    public UpstreamConnectionTests()
    {
        var (line, peer) = PipeLine.CreatePair();
        _heard = new StreamReader(peer.Input);
        _output = peer.Output;
        _connection = new LineConnection(
            new ConnectionOrder
            {
                Server = House.Server("s") with { CallTimeout = TimeSpan.FromSeconds(10) },
                Era = Era.Legacy,
                Profile = ClientProfile.Plain,
                Limits = new LimitsModel(),
                Events = _events,
                Handshake = (_, _) => Task.CompletedTask,
                Clock = new MonotonicClock(_time),
            },
            line,
            () =>
            {
                line.CloseWrite();
                line.Dispose();
                return ValueTask.CompletedTask;
            });
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("-9007199254740993")]
    [InlineData("\"\\u0041 \\\" é\"")]
    public async Task Call_AnyCallerId_IsAnsweredUnderItByteForByte(string id)
    {
        var exchange = Call(id);
        await SayAsync($$"""{"result": { "x" : 1.0 }, "id" : {{await IdAsync()}}, "jsonrpc":"2.0"}""");

        Assert.Equal($$"""{"result": { "x" : 1.0 }, "id" : {{id}}, "jsonrpc":"2.0"}""", await exchange.End.Within());
        Assert.Equal(0, _connection.Pending.Count);
    }

    [Theory]
    [InlineData("ID", "\"ID\"")]
    [InlineData("ID", "ID.0")]
    [InlineData("ID", "ID0")]
    [InlineData("ID", "-ID")]
    [InlineData("ID", "1")]
    [InlineData("ID", "null")]
    public async Task Answer_IdThatIsNotExactlyOurs_IsAStrayAndReachesNobody(string ours, string wrong)
    {
        var exchange = Call("5");
        var id = await IdAsync();
        await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{wrong.Replace(ours, id, StringComparison.Ordinal)}}},"error":{"code":-1,"message":"wrong"}}""");
        await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""");

        Assert.Equal("""{"jsonrpc":"2.0","id":5,"result":{}}""", await exchange.End.Within());
        Assert.Equal(1, _connection.Order.Counts.Strays + _connection.Order.Counts.Garbage);
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":DEEP}", "limits.maxDepth")]
    [InlineData("{\"result\":DEEP,\"jsonrpc\":\"2.0\",\"id\":ID}", "limits.maxDepth")]
    [InlineData("{\"error\":{\"code\":1,\"message\":\"m\",\"data\":DEEP},\"jsonrpc\":\"2.0\",\"id\":ID}", "limits.maxDepth")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":{},\"result\":{},\"id\":ID}", "stands twice")]
    [InlineData("{\"result\":{},\"id\":ID}", "no JSON-RPC 2.0 message")]
    public async Task Answer_Refused_TheCallerIsToldWhyAtOnce(string answer, string why)
    {
        var exchange = Call("5");
        await SayAsync(Filled(answer, await IdAsync()));

        Assert.Contains(why, await exchange.End.Within(), StringComparison.Ordinal);
        Assert.Equal((0, 1L), (_connection.Pending.Count, _connection.Order.Counts.Garbage));
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":DEEP")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":ID,\"id\":ID,\"result\":{}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"ask\",\"params\":DEEP}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":DEEP}")]
    public async Task Answer_RefusedAndNotBeyondDoubtForACall_ReachesNobody(string message)
    {
        var exchange = Call("5");
        var id = await IdAsync();
        await SayAsync(Filled(message, id));
        await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""");

        Assert.Equal("""{"jsonrpc":"2.0","id":5,"result":{}}""", await exchange.End.Within());
        Assert.Equal(1, _connection.Order.Counts.Garbage);
    }

    [Fact]
    public async Task Answer_Twice_OnlyTheFirstIsDelivered()
    {
        var exchange = Call("5");
        var id = await IdAsync();
        await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":1}""");
        await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":2}""");
        await Patience.UntilAsync(() => _connection.Order.Counts.Strays == 1);

        Assert.Equal((1, 1), (exchange.Deliveries, exchange.Settles));
    }

    [Fact]
    public async Task Progress_OnlyCallsThatAskedForIt_AndUnderTheirOwnToken()
    {
        var asked = Call("1", "\"mine\"");
        var askedId = await IdAsync();
        var silent = Call("2");
        var silentId = await IdAsync();

        await SayAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{silentId}}},"progress":1}}""");
        await SayAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{askedId}}},"progress":1}}""");

        Assert.Contains("\"progressToken\":\"mine\"", await asked.NewsAsync(), StringComparison.Ordinal);
        Assert.Empty(silent.Related);
        Assert.Equal(1, _connection.Order.Counts.Strays);
    }

    [Fact]
    public async Task Sweep_NoAnswerInTime_IsAnErrorAndTheServerIsTold()
    {
        var exchange = Call("5");
        var id = await IdAsync();
        _time.Advance(TimeSpan.FromMilliseconds(9_999));
        Sweep();
        Assert.False(exchange.IsEnded);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Sweep();

        Assert.Contains(ErrorCodes.CallTimedOut.ToString(System.Globalization.CultureInfo.InvariantCulture), await exchange.End.Within(), StringComparison.Ordinal);
        Assert.Equal(
            $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}},"reason":"timeout"}}""", await HearAsync());
    }

    [Fact]
    public async Task Sweep_WithdrawnInTheMomentItsTimeIsOver_TheServerIsToldAllTheSame()
    {
        var exchange = Call("5", new Looked());
        var id = await IdAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        // It is out of the table by then, so that who withdraws it does not find it there.
        exchange.OnLook = () => exchange.Withdraw("\"enough\""u8);
        Sweep();

        Assert.Equal("withdrawn", await exchange.End.Within());
        Assert.Equal(
            $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}},"reason":"timeout"}}""", await HearAsync());
        Assert.Equal((0, 1, 0), (exchange.Deliveries, exchange.Withdrawals, _connection.Pending.Count));
    }

    [Fact]
    public async Task Sweep_Progress_RearmsTheTimeButNotForEver()
    {
        var exchange = Call("5", "1");
        var id = await IdAsync();
        for (var i = 1; i < 11; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            await SayAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{id}}},"progress":{{{i}}}}}""");
            await exchange.NewsAsync();
            Sweep();
            Assert.False(exchange.IsEnded, $"after {i * 9} s");
        }

        _time.Advance(TimeSpan.FromSeconds(9));
        await SayAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{id}}},"progress":11}}""");
        await exchange.NewsAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        Sweep();

        Assert.True(exchange.IsEnded);
    }

    [Fact]
    public async Task Withdraw_Open_ServerIsToldUnderOurIdAndALateAnswerIsAStray()
    {
        var exchange = Call("\"theirs\"");
        var id = await IdAsync();
        Assert.True(exchange.Withdraw("\"enough\""u8));

        Assert.Equal(
            $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}},"reason":"enough"}}""", await HearAsync());
        await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""");
        await Patience.UntilAsync(() => _connection.Order.Counts.Strays == 1);
        Assert.Equal(0, exchange.Deliveries);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{\"jsonrpc\":\"2.0\"}")]
    [InlineData("[]")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"result\":{}}")]
    public async Task Line_NoMessage_IsCountedAndTheNextIsServed(string garbage)
    {
        var exchange = Call("5");
        var id = await IdAsync();
        await SayAsync(garbage);
        await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""");

        await exchange.End.Within();
        Assert.Equal(1, _connection.Order.Counts.Garbage);
    }

    [Fact]
    public async Task Ping_FromTheServer_IsAnsweredUnderItsId()
    {
        await SayAsync("""{"jsonrpc":"2.0","id":"p 1","method":"ping"}""");

        Assert.Equal("""{"jsonrpc":"2.0","id":"p 1","result":{}}""", await HearAsync());
        Assert.Empty(_events.Requests);
    }

    [Fact]
    public async Task Close_CallsOpen_AllFailOnceAndTheHouseIsToldOnce()
    {
        var exchanges = Enumerable.Range(0, 50).Select(i => Call(i.ToString(System.Globalization.CultureInfo.InvariantCulture))).ToList();
        await _output.DisposeAsync();
        await _connection.Gone.Task.Within();
        _connection.Close("again");

        foreach (var exchange in exchanges)
        {
            Assert.Contains("closed its output", await exchange.End.Within(), StringComparison.Ordinal);
            Assert.Equal(1, exchange.Deliveries);
        }

        Assert.Equal((0, 1), (_connection.Pending.Count, _events.Closed));
        Assert.Contains("\"retryable\":true", await Call("99").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AnEarlierUse_IsNotSentAndChangesNothingOfTheNext()
    {
        var frame = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}"""u8.ToArray();
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        var exchange = new TestExchange();
        var earlier = exchange.Begin();
        exchange.Withdraw(default);
        var next = exchange.Begin();
        _time.Advance(TimeSpan.FromSeconds(5));

        _connection.Call(exchange, earlier, frame, envelope, default);

        Assert.Equal((0L, 0L, 0), (exchange.Deadline, exchange.UpstreamId, _connection.Pending.Count));
        _time.Advance(TimeSpan.FromSeconds(5));
        _connection.Call(exchange, next, frame, envelope, default);
        await IdAsync();
        Assert.Equal(_connection.Order.Clock.Now + 10_000, exchange.Deadline);
    }

    [Fact]
    public async Task Call_Retired_IsGivenBackUnsentAndTheOpenOneComesToItsEnd()
    {
        _events.TakesBack = true;
        var open = Call("5");
        var id = await IdAsync();
        _connection.Retire();

        var late = Call("6");

        Assert.Contains("\"name\":\"x\"", Assert.Single(_events.Unsent), StringComparison.Ordinal);
        Assert.False(late.IsEnded);
        Assert.Equal((0L, 1), (late.UpstreamId, _connection.Pending.Count));
        Assert.True(_connection.IsOpen);
        await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""");
        Assert.Contains("\"result\"", await open.End.Within(), StringComparison.Ordinal);
        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return !_connection.IsOpen;
        });
        Assert.Null(await _heard.ReadLineAsync().Within());
    }

    [Fact]
    public async Task Call_RetiredAndNobodySendsItAgain_IsToldThatItDidNotRun()
    {
        Call("5");
        await IdAsync();
        _connection.Retire();

        Assert.Contains("\"retryable\":true", await Call("6").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Close_WhileACallIsPrepared_IsStillAnswered()
    {
        _time.OnNextRead = () => _connection.Close("raced");
        var exchange = Call("5");

        Assert.Contains("raced", await exchange.End.Within(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (exchange.Deliveries, _connection.Pending.Count));
    }

    [Fact]
    public async Task Calls_ManyThreadsWhileTheWireBreaks_EveryOneEndsExactlyOnce()
    {
        using var go = new Barrier(5);
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                go.SignalAndWait(Patience.Long);
                return Enumerable.Range(0, 5000).Select(i => Call(i.ToString(System.Globalization.CultureInfo.InvariantCulture))).ToList();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToList();
        go.SignalAndWait(Patience.Long);
        for (var i = 0; i < 100; i++)
        {
            await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{await IdAsync()}}},"result":{}}""");
        }

        _connection.Close("cut");
        foreach (var exchange in (await Task.WhenAll(callers).Within()).SelectMany(e => e))
        {
            await exchange.End.Within();
            Assert.Equal((1, 1), (exchange.Deliveries, exchange.Settles));
        }

        Assert.Equal(0, _connection.Pending.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _heard.Dispose();
        await _output.DisposeAsync();
    }

    private TestExchange Call(string id, string? token = null) => Call(id, new TestExchange(), token);

    private T Call<T>(string id, T exchange, string? token = null)
        where T : TestExchange
    {
        var meta = token is null ? "" : $$""","_meta":{"progressToken":{{token}}}""";
        var frame = Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"x\"" + meta + "}}");
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        var generation = exchange.Begin();
        exchange.CallerId.Set(envelope.Id.Of(frame));
        _connection.Call(exchange, generation, frame, envelope, default);
        return exchange;
    }

    private void Sweep() => _connection.Sweep(_connection.Order.Clock.Now);

    private static string Filled(string message, string id) =>
        message.Replace("DEEP", new string('[', 70) + new string(']', 70), StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal);

    private async Task SayAsync(string line) => await _output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).AsTask().Within();

    private async Task<string> HearAsync() => (await _heard.ReadLineAsync().Within())!;

    private async Task<string> IdAsync()
    {
        using var document = System.Text.Json.JsonDocument.Parse(await HearAsync());
        return document.RootElement.GetProperty("id").GetRawText();
    }

    /// <summary>A test's way into the middle of a sweep: that asks whether the call may be repeated.</summary>
    private sealed class Looked : TestExchange
    {
        public Action? OnLook { get; set; }

        public override bool MayRepeat
        {
            get
            {
                OnLook?.Invoke();
                return false;
            }
        }
    }
}
