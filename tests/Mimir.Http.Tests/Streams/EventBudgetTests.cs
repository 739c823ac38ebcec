using System.Text;
using Mimir.Http.Streams;

namespace Mimir.Http.Tests.Streams;

public sealed class EventBudgetTests
{
    private const int Room = 10_000;
    private readonly EventBudget _budget = new(Room);

    [Fact]
    public void Append_ManyFinishedStreams_KeepsTheLastOfThemAndNoMoreThanTheRoom()
    {
        var logs = Enumerable.Range(1, 100).Select(i => Finished("p" + i, 1000)).ToList();

        Assert.InRange(_budget.Bytes, Room / 2, Room);
        Assert.False(logs[0].KeepsAllAfter(0));
        Assert.True(logs[^1].KeepsAllAfter(0));
        Assert.Equal(1000, Taken(logs[^1], logs[^1].Attach(0)).Count('x'));
    }

    [Fact]
    public void TryTake_AnswerLargerThanTheRoom_StaysUntilAnotherIsSent()
    {
        var first = Finished("p1", 2 * Room);
        Assert.True(first.KeepsAllAfter(0));

        var second = Finished("p2", 2 * Room);

        Assert.False(first.KeepsAllAfter(0));
        Assert.True(second.KeepsAllAfter(0));
        Assert.InRange(_budget.Bytes, 2 * Room, (2 * Room) + 200);
    }

    [Fact]
    public void Append_StreamQuietForLong_IsForgottenBeforeOneThatWasReadSince()
    {
        var quiet = Finished("p1", 4000);
        var lively = Finished("p2", 4000);
        quiet.Complete();
        Taken(quiet, quiet.Attach(0));

        Finished("p3", 4000);

        Assert.True(quiet.KeepsAllAfter(0));
        Assert.False(lively.KeepsAllAfter(0));
    }

    [Fact]
    public void Append_SmallEvents_CountsWhatKeepingThemCosts()
    {
        var log = new EventLog("u", _budget);
        var taken = 0;
        while (Append(log, 1, droppable: true))
        {
            taken++;
        }

        Assert.InRange(taken, Room / 200, Room / (EventBlock.HeadSize + 1));
    }

    [Fact]
    public void Append_NewsWhereOthersAreNotRead_TheFullestLosesItsNewsAndKeepsItsAnswer()
    {
        var unread = new EventLog("u", _budget);
        Append(unread, 10);
        while (Append(unread, 100, droppable: true))
        {
        }

        var call = new EventLog("p1", _budget);

        Assert.True(Append(call, 100, droppable: true));
        Assert.Equal(100, Taken(call, call.Attach(0)).Count('x'));
        Assert.Equal(10, Taken(unread, unread.Attach(0)).Count('x'));
        Assert.True(Append(unread, 100, droppable: true));
    }

    [Fact]
    public void Append_AnswersNobodyFetches_LeaveRoomForNews()
    {
        var left = new EventLog("p1", _budget);
        Append(left, 3 * Room);
        left.Complete();
        var call = new EventLog("p2", _budget);

        Assert.True(Append(call, 100, droppable: true));
        Assert.True(left.KeepsAllAfter(0));
        Assert.Equal(3 * Room, Taken(left, left.Attach(0)).Count('x'));
    }

    [Fact]
    public void Attach_AgainAfterAnAnswer_ItIsNotForgottenWhileItIsReadAgain()
    {
        var log = Finished("p1", Room);
        var again = log.Attach(0);

        Finished("p2", 4000);

        Assert.Equal(Room, Taken(log, again).Count('x'));
    }

    [Fact]
    public void Leave_BeforeItsReaderCame_GivesAllOfItAndCountsNoMore()
    {
        var log = new EventLog("p1", _budget);
        Append(log, 3000, droppable: true);
        Append(log, 3000);
        log.Complete();

        log.Leave();

        Assert.Equal((0, 0), (_budget.Bytes, _budget.Owed));
        var reader = log.Attach(0);
        Assert.Equal(6000, Taken(log, reader).Count('x'));
        Assert.False(log.TryTake(reader, new PooledBuffer()));
        Assert.Equal((0, 0), (_budget.Bytes, _budget.Owed));
    }

    [Fact]
    public void TryTake_MuchWaits_TakesAPartAtATimeAndAllInTheEnd()
    {
        var budget = new EventBudget(int.MaxValue);
        var log = new EventLog("u", budget);
        for (var i = 0; i < 3000; i++)
        {
            Append(log, 100, droppable: true);
        }

        var reader = log.Attach(-1);
        using var buffer = new PooledBuffer();
        var (most, all) = (0, 0);
        while (log.TryTake(reader, buffer) && buffer.Length > 0)
        {
            most = Math.Max(most, buffer.Length);
            all += Encoding.UTF8.GetString(buffer.Written.Span).Count('x');
            buffer.Clear();
        }

        Assert.Equal(300_000, all);
        Assert.InRange(most, 1, 64 * 1024);
        Assert.Equal(0, log.NewsBytes);
    }

    [Fact]
    public void Everything_InAnyOrder_CountsStayThoseOfWhatIsKept()
    {
        var random = new Random(4711);
        var logs = Enumerable.Range(1, 8).Select(i => new EventLog("p" + i, _budget)).ToArray();
        var readers = logs.Select(l => l.Attach(-1)).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var at = random.Next(logs.Length);
            switch (random.Next(10))
            {
                case < 6:
                    Append(logs[at], random.Next(600), droppable: random.Next(8) > 0);

                    // Room is asked for before the lines around the data are written.
                    Assert.True(_budget.Bytes - _budget.Owed <= Room + 50, $"{_budget.Bytes} bytes, {_budget.Owed} of them owed");
                    break;
                case < 9:
                    Taken(logs[at], readers[at]);
                    break;
                default:
                    readers[at] = logs[at].Attach(random.Next(20));
                    break;
            }
        }

        foreach (var log in logs)
        {
            log.Leave();
        }

        Assert.Equal((0, 0), (_budget.Bytes, _budget.Owed));
    }

    private EventLog Finished(string prefix, int length)
    {
        var log = new EventLog(prefix, _budget);
        Append(log, length);
        log.Complete();
        Taken(log, log.Attach(0));
        return log;
    }

    private static bool Append(EventLog log, int length, bool droppable = false) =>
        log.Append(Encoding.ASCII.GetBytes(new string('x', length)), default, droppable);

    private static string Taken(EventLog log, Signal reader)
    {
        using var buffer = new PooledBuffer();
        var text = new StringBuilder();
        while (log.TryTake(reader, buffer) && buffer.Length > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer.Written.Span));
            buffer.Clear();
        }

        return text.ToString();
    }
}
