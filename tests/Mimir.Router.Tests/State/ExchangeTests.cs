using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Router.Tests.State;

public sealed class ExchangeTests
{
    private static readonly RouterError Error = new(-1, "lost");

    [Fact]
    public void Finish_OtherId_IsRefusedAndNothingIsDelivered()
    {
        var exchange = Opened(out _, id: 70);

        Assert.False(exchange.Finish(69, "{}"u8, default));
        Assert.False(exchange.Fail(71, Error));
        Assert.False(exchange.Relate(0, "{}"u8, default));
        Assert.Equal((0, 0), (exchange.Deliveries, exchange.Settles));
        Assert.True(exchange.Finish(70, "{}"u8, default));
    }

    [Fact]
    public void DueBy_AnEarlierUse_ChangesNeitherTheTimeNorTheRetriesOfTheNext()
    {
        var exchange = new TestExchange();
        var first = exchange.Begin();
        exchange.Withdraw(default);
        var second = exchange.Begin();

        Assert.Equal(5, exchange.DueBy(first, 5));
        Assert.Equal(int.MaxValue, exchange.CountResend(first));

        Assert.Equal((0L, 0), (exchange.Deadline, exchange.Resends));
        Assert.Equal(7, exchange.DueBy(second, 7));
        Assert.Equal(7, exchange.DueBy(second, 9));
        Assert.Equal(1, exchange.CountResend(second));
    }

    [Fact]
    public void Open_AfterRefusal_SendsNothing()
    {
        var exchange = new TestExchange();
        var generation = exchange.Begin();
        exchange.Refuse(generation, Error);

        Assert.False(exchange.Open(generation, new Calls(), 1, default));
        Assert.Equal(0, exchange.UpstreamId);
    }

    [Fact]
    public void Begin_AfterAnEnd_EarlierGenerationHasNoPowerAnyMore()
    {
        var calls = new Calls();
        var exchange = new TestExchange();
        var first = exchange.Begin();
        exchange.Answer(first, "{}"u8);
        var second = exchange.Begin();

        exchange.Refuse(first, Error);
        exchange.Answer(first, "{}"u8);
        exchange.AnswerResult(first, "{}"u8);
        Assert.False(exchange.Push(first, "{}"u8));
        Assert.False(exchange.Withdraw(first, default));
        Assert.False(exchange.Open(first, calls, 5, default));

        Assert.False(exchange.IsEnded);
        Assert.Equal(1, exchange.Deliveries);
        Assert.True(exchange.Open(second, calls, 5, default));
    }

    [Fact]
    public void Begin_LateNewsOfAnEarlierUse_ReachesNobody()
    {
        var exchange = Opened(out _, id: 70);
        Assert.True(exchange.Withdraw(default));
        exchange.Open(exchange.Begin(), new Calls(), 71, default);

        Assert.False(exchange.Relate(70, "old"u8, default));
        Assert.False(exchange.Finish(70, "old"u8, default));
        Assert.False(exchange.Fail(70, Error));
        Assert.Empty(exchange.Related);
        Assert.Equal(0, exchange.Deliveries);
    }

    [Fact]
    public void Begin_ForgetsEverythingOfTheUseBefore()
    {
        var exchange = Opened(out _, id: 70, token: "\"t\"");
        exchange.LogLevel = "debug";
        exchange.UpstreamStatus = 500;
        exchange.Operation = new object();
        exchange.Finish(70, "{}"u8, default, errorCode: -5);

        exchange.Begin();

        Assert.True(exchange.CallerToken.IsEmpty);
        Assert.Null(exchange.LogLevel);
        Assert.Null(exchange.TaskTag);
        Assert.Null(exchange.Operation);
        Assert.Null(exchange.Upstream);
        Assert.Equal((0, 0L, 0L), (exchange.UpstreamStatus, exchange.ErrorCode, exchange.UpstreamId));
    }

    [Fact]
    public void Withdraw_Open_TellsTheServerOnceAndDeliversNothing()
    {
        var exchange = Opened(out var calls, id: 70);

        Assert.True(exchange.Withdraw("\"why\""u8));
        Assert.False(exchange.Withdraw("\"again\""u8));

        Assert.Equal([(70L, "\"why\"")], calls.Cancelled);
        Assert.False(exchange.Finish(70, "{}"u8, default));
        Assert.Equal((0, 0, 1), (exchange.Deliveries, exchange.Settles, exchange.Withdrawals));
    }

    [Fact]
    public async Task Finish_Splices_CallerSeesItsOwnId()
    {
        var exchange = Opened(out _, id: 70);
        exchange.CallerId.Set("\"mine\""u8);
        Finish();

        Assert.Equal("{\"id\":\"mine\"}", await exchange.End.Within());

        void Finish()
        {
            SpliceList splices = default;
            splices.Replace(new ByteRange(6, 2), exchange.CallerId.Span);
            exchange.Finish(70, "{\"id\":70}"u8, splices);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Ends_RacingFromManyThreads_ExactlyOneWins(int seed)
    {
        const int Rounds = 2000;
        const int Threads = 6;
        var exchanges = Enumerable.Range(0, Rounds).Select(_ => new TestExchange()).ToArray();
        var generations = exchanges.Select(e => e.Begin()).ToArray();
        var calls = new Calls();
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(me => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    if (i % 64 == 0)
                    {
                        start.SignalAndWait(Patience.Long);
                    }

                    var (exchange, generation) = (exchanges[i], generations[i]);
                    switch ((me + i + seed) % Threads)
                    {
                        case 0:
                            exchange.Open(generation, calls, i + 1, default);
                            exchange.Finish(i + 1, "{}"u8, default);
                            break;
                        case 1:
                            exchange.Fail(i + 1, Error);
                            break;
                        case 2:
                            exchange.Withdraw(generation, default);
                            break;
                        case 3:
                            exchange.Refuse(generation, Error);
                            break;
                        case 4:
                            exchange.Answer(generation, "{}"u8);
                            break;
                        default:
                            exchange.AnswerResult(generation, "{}"u8);
                            break;
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        await Task.WhenAll(threads).Within();

        Assert.All(exchanges, e =>
        {
            Assert.True(e.IsEnded);
            Assert.Equal(1, e.Settles + e.Withdrawals);
            Assert.Equal(e.Settles, e.Deliveries);
        });
    }

    [Fact]
    public async Task Use_ObjectUsedAgainWhileOldNewsArrive_NoNewsCrossOver()
    {
        // One object serves 20,000 callers in turn; a server keeps answering all ids it ever saw, over and over.
        const int Uses = 20_000;
        var exchange = new Labelled();
        var current = 0L;
        using var stop = new CancellationTokenSource();
        var late = Task.Factory.StartNew(
            () =>
            {
                var random = new Random(1);
                while (!stop.IsCancellationRequested)
                {
                    var now = Interlocked.Read(ref current);
                    var id = Math.Max(1, now - random.Next(4));
                    var frame = Encoding.ASCII.GetBytes(id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    exchange.Relate(id, frame, default);
                    exchange.Finish(id, frame, default);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        for (var id = 1L; id <= Uses; id++)
        {
            var generation = exchange.Begin();
            exchange.Expected = id;
            Assert.True(exchange.Open(generation, new Calls(), id, default));
            Interlocked.Exchange(ref current, id);
            exchange.Finish(id, Encoding.ASCII.GetBytes(id.ToString(System.Globalization.CultureInfo.InvariantCulture)), default);
            Assert.True(exchange.IsEnded);
        }

        await stop.CancelAsync();
        await late.Within();
        Assert.Equal((Uses, Uses, 0), (exchange.Deliveries, exchange.Settles, exchange.Crossed));
    }

    private static TestExchange Opened(out Calls calls, long id, string token = "")
    {
        calls = new Calls();
        var exchange = new TestExchange();
        Assert.True(exchange.Open(exchange.Begin(), calls, id, new CallTerms { Token = Encoding.ASCII.GetBytes(token), TaskTag = [1] }));
        return exchange;
    }

    private sealed class Calls : IUpstreamCalls
    {
        public List<(long Id, string Reason)> Cancelled { get; } = [];

        public void Cancel(long upstreamId, ReadOnlySpan<byte> reason)
        {
            lock (Cancelled)
            {
                Cancelled.Add((upstreamId, Encoding.UTF8.GetString(reason)));
            }
        }
    }

    private sealed class Labelled : TestExchange
    {
        public long Expected { get; set; }

        public int Crossed { get; private set; }

        protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices)
        {
            Check(frame);
            base.OnFinal(frame, splices);
        }

        protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices)
        {
            Check(frame);
            return true;
        }

        private void Check(ReadOnlySpan<byte> frame) =>
            Crossed += frame.SequenceEqual(Encoding.ASCII.GetBytes(Expected.ToString(System.Globalization.CultureInfo.InvariantCulture))) ? 0 : 1;
    }
}
