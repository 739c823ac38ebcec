using System.Collections.Concurrent;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Tests.Upstreams.Calls;

public sealed class PendingTableTests
{
    [Fact]
    public void Add_SlotFreedAndTakenAgain_IdIsAnother()
    {
        var table = new PendingTable();
        var seen = new HashSet<long>();
        for (var i = 0; i < 10_000; i++)
        {
            var id = table.Add(new TestExchange(), 0, PendingTable.Endless);
            Assert.True(seen.Add(id));
            Assert.InRange(id, 1, 1L << 53);
            Assert.NotNull(table.Remove(id));
        }
    }

    [Fact]
    public void Add_SeveralTables_NoTwoCallsHaveOneId()
    {
        PendingTable[] tables = [new(), new(), new()];
        var seen = new ConcurrentDictionary<long, bool>();
        Parallel.For(0, 30_000, i => Assert.True(seen.TryAdd(tables[i % 3].Add(new TestExchange(), 0, PendingTable.Endless), true)));
    }

    [Fact]
    public void Finish_ExchangeIsOpenAtAnotherServerByThen_ReachesNobody()
    {
        var (one, other) = (new PendingTable(), new PendingTable());
        var exchange = new TestExchange();
        var first = one.Add(exchange, 0, PendingTable.Endless);
        Assert.True(exchange.Open(exchange.Begin(), new Nowhere(), first, default));
        Assert.Same(exchange, one.Remove(first));

        // Its client left, and the object is the next caller's before the answer is handed over.
        exchange.Withdraw(default);
        Assert.True(exchange.Open(exchange.Begin(), new Nowhere(), other.Add(exchange, 0, PendingTable.Endless), default));

        Assert.False(exchange.Finish(first, "{}"u8, default));
        Assert.False(exchange.IsEnded);
    }

    [Fact]
    public void TimeLeft_ACallThatWaitedBeforeItWasSent_HasItsWholeTimeoutFromEachNewsOn()
    {
        var table = new PendingTable();
        var exchange = new TestExchange();
        var generation = exchange.Begin();
        exchange.DueBy(generation, 30_000);
        var id = Sent(table, exchange, 29_000, Attempts.TimeLeft(exchange, generation, House.Server("x") with { CallTimeout = TimeSpan.FromSeconds(30) }, 29_000));

        Assert.NotNull(table.FindAndExtend(id, 29_500));
        Assert.Null(table.TakeExpired(59_499));
        for (var now = 59_400; now < 300_000; now += 20_000)
        {
            Assert.NotNull(table.FindAndExtend(id, now));
        }

        Assert.Null(table.TakeExpired(299_999));
        Assert.Single(table.TakeExpired(300_000)!);
    }

    [Fact]
    public void Find_IdOfAnEarlierUseOfTheSlot_IsNotFound()
    {
        var table = new PendingTable();
        var old = table.Add(new TestExchange(), 0, PendingTable.Endless);
        table.Remove(old);
        var present = new TestExchange();
        var id = table.Add(present, 0, PendingTable.Endless);

        Assert.Null(table.Find(old));
        Assert.Null(table.Remove(old));
        Assert.Same(present, table.Find(id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-65536)]
    [InlineData(1)]
    [InlineData(65535)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Remove_IdNobodyWasGiven_IsNull(long id)
    {
        var table = new PendingTable();
        table.Remove(table.Add(new TestExchange(), 0, PendingTable.Endless));
        table.Add(new TestExchange(), 0, PendingTable.Endless);
        table.Remove(table.Add(new TestExchange(), 0, PendingTable.Endless));

        Assert.Null(table.Find(id));
        Assert.Null(table.Remove(id));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Add_MoreThanTheBound_IsRefusedAndSpaceComesBack()
    {
        var table = new PendingTable();
        var exchange = new TestExchange();
        var ids = Enumerable.Range(0, 65_536).Select(_ => table.Add(exchange, 0, PendingTable.Endless)).ToList();

        Assert.DoesNotContain(0, ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(0, table.Add(exchange, 0, PendingTable.Endless));

        table.Remove(ids[12_345]);
        Assert.NotEqual(0, table.Add(exchange, 0, PendingTable.Endless));
        Assert.Equal(0, table.Add(exchange, 0, PendingTable.Endless));
        Assert.Equal(65_536, table.Count);
    }

    [Fact]
    public void Sent_ACallThatIsJustBeingSent_NeitherTimesOutNorGoesWithTheOthersBefore()
    {
        var table = new PendingTable();
        var id = table.Add(new TestExchange(), 0, 10);

        Assert.Null(table.TakeExpired(1000));
        Assert.Empty(table.Snapshot(sentOnly: true));
        Assert.Single(table.Snapshot());

        Assert.True(table.Sent(id));
        Assert.Single(table.Snapshot(sentOnly: true));
        Assert.Single(table.TakeExpired(1000)!);
        Assert.False(table.Sent(id));
    }

    [Fact]
    public void TakeExpired_SomeAreOver_OnlyThoseAndOnlyOnce()
    {
        var table = new PendingTable();
        var ids = new Dictionary<long, long>();
        foreach (var deadline in new long[] { 10, 20, 30, 40, PendingTable.Endless })
        {
            ids[Sent(table, new TestExchange(), 0, deadline)] = deadline;
        }

        var taken = table.TakeExpired(30)!;

        Assert.Equal([10, 20, 30], taken.Select(t => ids[t.Id]).Order());
        Assert.Null(table.TakeExpired(30));
        Assert.Equal(2, table.Count);
        Assert.All(taken, t => Assert.Null(table.Remove(t.Id)));
    }

    [Fact]
    public void FindAndExtend_Progress_MovesTheDeadlineUpToTenTimeouts()
    {
        var table = new PendingTable();
        var id = Sent(table, new TestExchange(), now: 1000, timeout: 100);
        for (var now = 1090; now <= 1900; now += 90)
        {
            Assert.NotNull(table.FindAndExtend(id, now));
            Assert.Null(table.TakeExpired(now + 99));
        }

        Assert.NotNull(table.FindAndExtend(id, 1980));
        Assert.Null(table.TakeExpired(1999));
        Assert.Equal(id, Assert.Single(table.TakeExpired(2000)!).Id);
        Assert.Null(table.FindAndExtend(id, 2000));
    }

    [Fact]
    public void FindAndExtend_Endless_StaysSo()
    {
        var table = new PendingTable();
        var id = table.Add(new TestExchange(), now: 1000, PendingTable.Endless);

        Assert.NotNull(table.FindAndExtend(id, 5000));
        Assert.Null(table.TakeExpired(long.MaxValue - 1));
    }

    [Fact]
    public void NewestOf_CallsOfSeveralSessions_ItsOwnNewest()
    {
        var table = new PendingTable();
        var (mine, other) = (new object(), new object());
        var first = Open(table, Of(mine));
        table.Add(new TestExchange(), 0, PendingTable.Endless);
        table.Remove(first);
        var newest = Of(mine);
        Open(table, Of(mine));
        Open(table, newest);
        Open(table, Of(other));
        table.Add(Of(mine), 0, PendingTable.Endless);

        var found = table.NewestOf(mine, out var count);

        Assert.Same(newest, found?.Exchange);
        Assert.Equal(2, count);
        Assert.Null(table.NewestOf(new object(), out count));
        Assert.Equal(0, count);
    }

    [Fact]
    public void SoleCaller_OneSession_AlsoAfterItsCallsEnded()
    {
        var table = new PendingTable();
        Assert.Null(table.SoleCaller(out var several));
        Assert.False(several);
        var mine = new object();
        table.Remove(Open(table, Of(mine)));
        Open(table, Of(mine));
        table.Add(new TestExchange(), 0, PendingTable.Endless);

        Assert.Same(mine, table.SoleCaller(out several));
        Assert.False(several);
    }

    [Fact]
    public void SoleCaller_AnotherSessionCalledOnce_IsNobodyForEver()
    {
        var table = new PendingTable();
        var mine = new object();
        Open(table, Of(mine));
        table.Remove(Open(table, Of(new object())));
        Open(table, Of(mine));

        Assert.Null(table.SoleCaller(out var several));
        Assert.True(several);
    }

    [Fact]
    public async Task AddRemoveExpire_FromManyThreads_EachCallIsTakenOutExactlyOnce()
    {
        const int Threads = 4;
        const int Calls = 20_000;
        var table = new PendingTable();
        var ids = new ConcurrentDictionary<long, TestExchange>();
        var taken = new ConcurrentDictionary<long, int>();
        using var stop = new CancellationTokenSource();
        var sweeper = Start(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var (id, _) in table.TakeExpired(0) ?? [])
                {
                    taken.AddOrUpdate(id, 1, static (_, n) => n + 1);
                }

                // Each look goes through all that is open; without a pause the callers would hardly get at the table.
                Thread.Sleep(1);
            }
        });
        var callers = Enumerable.Range(0, Threads).Select(seed => Start(() =>
        {
            var random = new Random(seed);
            var open = new List<long>();
            for (var i = 0; i < Calls; i++)
            {
                var exchange = new TestExchange();
                var id = table.Add(exchange, 0, random.Next(8) == 0 ? 0 : 1);
                Assert.True(ids.TryAdd(id, exchange), "an id was given twice");
                open.Add(id);
                if (random.Next(2) == 0)
                {
                    var at = random.Next(open.Count);
                    if (table.Remove(open[at]) is { } removed)
                    {
                        Assert.Same(ids[open[at]], removed);
                        taken.AddOrUpdate(open[at], 1, static (_, n) => n + 1);
                    }

                    open.RemoveAt(at);
                }
            }

            foreach (var id in open)
            {
                if (table.Remove(id) is not null)
                {
                    taken.AddOrUpdate(id, 1, static (_, n) => n + 1);
                }
            }
        })).ToList();
        await Task.WhenAll(callers).Within();
        await stop.CancelAsync();
        await sweeper.Within();

        Assert.Equal(0, table.Count);
        Assert.Equal(Threads * Calls, taken.Count);
        Assert.All(taken.Values, n => Assert.Equal(1, n));
    }

    private static Task Start(Action run) => Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static TestExchange Of(object session) => new() { Session = session };

    private static long Open(PendingTable table, TestExchange exchange)
    {
        var id = table.Add(exchange, 0, PendingTable.Endless);
        Assert.True(exchange.Open(exchange.Begin(), new NoCalls(), id, default));
        return id;
    }

    private sealed class NoCalls : IUpstreamCalls
    {
        public void Cancel(long upstreamId, ReadOnlySpan<byte> reason)
        {
        }
    }

    [Fact]
    public void TargetOf_Redirected_IsTheOtherCallUntilThatIsTakenBack()
    {
        var table = new PendingTable();
        var open = table.Add(new TestExchange(), 0, 1000);

        table.Redirects.Add(7, open);
        Assert.Equal(open, table.Redirects.TargetOf(7));
        Assert.Equal(open, table.Redirects.TargetOf(open));

        table.Redirects.Remove(7);
        Assert.Equal(7, table.Redirects.TargetOf(7));
    }

    private sealed class Nowhere : IUpstreamCalls
    {
        public void Cancel(long upstreamId, ReadOnlySpan<byte> reason)
        {
        }
    }

    private static long Sent(PendingTable table, TestExchange exchange, long now, CallWindow timeout)
    {
        var id = table.Add(exchange, now, timeout);
        Assert.True(table.Sent(id));
        return id;
    }
}
