using System.Text;
using Mimir.Http.Streams;

namespace Mimir.Http.Tests.Streams;

public sealed class EventLogTests
{
    [Fact]
    public void TryTake_AppendedEvents_EachOnceWithItsId()
    {
        var log = new EventLog("p1", 1000);
        Append(log, "a");
        var reader = log.Attach(-1);
        Append(log, "b");

        Assert.Equal("id: p1-1\ndata: a\n\nid: p1-2\ndata: b\n\n", Take(log, reader));
        Assert.Equal("", Take(log, reader));
        Append(log, "c");
        Assert.Equal("id: p1-3\ndata: c\n\n", Take(log, reader));
    }

    [Theory]
    [InlineData(0, "abc")]
    [InlineData(1, "bc")]
    [InlineData(3, "")]
    [InlineData(99, "")]
    public void Attach_AfterAnEvent_GivesWhatCameBehindItAgain(long after, string expected)
    {
        var log = new EventLog("p1", 1000);
        foreach (var data in "abc")
        {
            Append(log, data.ToString());
        }

        Take(log, log.Attach(-1));

        Assert.Equal(expected, Data(Take(log, log.Attach(after))));
    }

    [Fact]
    public void Attach_WithoutAnEvent_GivesOnlyWhatWasNotSent()
    {
        var log = new EventLog("u", 1000);
        Append(log, "sent");
        Take(log, log.Attach(-1));
        Append(log, "missed");

        Assert.Equal("missed", Data(Take(log, log.Attach(-1))));
    }

    [Fact]
    public async Task Attach_Second_ReplacesTheFirstWhichIsWoken()
    {
        var log = new EventLog("u", 1000);
        var first = log.Attach(-1);
        await first.WaitAsync();
        var waiting = first.WaitAsync().AsTask();

        var second = log.Attach(-1);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Append(log, "x");

        using var buffer = new PooledBuffer();
        Assert.False(log.TryTake(first, buffer));
        Assert.Equal(0, buffer.Length);
        log.Detach(first);
        Assert.True(log.IsAttached);
        Assert.Equal("x", Data(Take(log, second)));
    }

    [Fact]
    public void Complete_EverythingSent_EndsAndTakesNothingMore()
    {
        var log = new EventLog("p1", 1000);
        Append(log, "last");
        log.Complete();
        Assert.False(Append(log, "late"));

        var reader = log.Attach(0);
        Assert.Equal("last", Data(Take(log, reader)));
        using var buffer = new PooledBuffer();
        Assert.False(log.TryTake(reader, buffer));

        // Who comes back later gets the answer again.
        Assert.Equal("last", Data(Take(log, log.Attach(0))));
    }

    [Fact]
    public void Append_BoundReached_SentGoFirstThenDroppableAreRefusedAndAnswersNever()
    {
        var log = new EventLog("p1", 200);
        var reader = log.Attach(-1);
        Append(log, new string('a', 100));
        Take(log, reader);
        Assert.True(Append(log, new string('b', 100), droppable: true));
        Assert.False(Append(log, new string('c', 100), droppable: true));
        Assert.True(Append(log, new string('d', 300)));

        Assert.Equal(new string('b', 100) + new string('d', 300), Data(Take(log, reader)));
        Assert.Equal(new string('b', 100) + new string('d', 300), Data(Take(log, log.Attach(0))));
    }

    [Fact]
    public void Prime_BeforeEverything_IsAnIdToComeBackTo()
    {
        var log = new EventLog("p1", 1000);
        log.Prime(1500);
        Append(log, "a");

        var text = Take(log, log.Attach(0));

        Assert.StartsWith("id: p1-1\n", text, StringComparison.Ordinal);
        Assert.Contains("retry: 1500\n", text, StringComparison.Ordinal);
        Assert.Equal("a", Data(Take(log, log.Attach(1))));
    }

    [Fact]
    public void Append_LineEndsInside_StaysOneEvent()
    {
        var log = new EventLog(null, 1000);
        Append(log, "{\n\"a\":\r1}\n\ndata: forged");

        Assert.Equal("data: { \"a\": 1}  data: forged\n\n", Take(log, log.Attach(-1)));
    }

    [Fact]
    public void TryTake_WithoutIds_KeepsNothing()
    {
        var log = new EventLog(null, 1000);
        Append(log, "a");

        Assert.Equal("data: a\n\n", Take(log, log.Attach(-1)));
        Assert.Equal("", Take(log, log.Attach(0)));
    }

    [Theory]
    [InlineData("p1-7", true, "p1", 7)]
    [InlineData("a-b-7", true, "a-b", 7)]
    [InlineData("p1-", false, "p1", 0)]
    [InlineData("-7", false, "", 0)]
    [InlineData("7", false, "", 0)]
    [InlineData("p1--7", true, "p1-", 7)]
    [InlineData("p1- 7", false, "p1", 0)]
    [InlineData("p1-99999999999999999999", false, "p1", 0)]
    [InlineData("", false, "", 0)]
    public void TryParse_Id_OnlyWhatWasGivenOut(string id, bool valid, string prefix, long number)
    {
        Assert.Equal(valid, EventLog.TryParse(id, out var foundPrefix, out var found));
        Assert.Equal((prefix, number), (foundPrefix, valid ? found : 0));
    }

    [Fact]
    public async Task Append_ManyThreadsOneReader_NothingLostNothingTwiceNumbersInOrder()
    {
        const int Threads = 4;
        const int Events = 3000;
        var log = new EventLog("p1", int.MaxValue);
        var reader = log.Attach(-1);
        var writers = Enumerable.Range(0, Threads).Select(me => Task.Run(() =>
        {
            for (var i = 0; i < Events; i++)
            {
                Append(log, $"{me}.{i};");
            }
        })).ToList();
        _ = Task.WhenAll(writers).ContinueWith(_ => log.Complete(), TaskScheduler.Default);
        var text = new StringBuilder();
        using var buffer = new PooledBuffer();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (log.TryTake(reader, buffer))
        {
            text.Append(Encoding.UTF8.GetString(buffer.Written.Span));
            var empty = buffer.Length == 0;
            buffer.Clear();
            if (empty)
            {
                await reader.WaitAsync().AsTask().WaitAsync(limit.Token);
            }
        }

        var events = Data(text.ToString()).Split(';', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Threads * Events, events.Length);
        for (var me = 0; me < Threads; me++)
        {
            Assert.Equal(Enumerable.Range(0, Events).Select(i => $"{me}.{i}"), events.Where(e => e.StartsWith(me + ".", StringComparison.Ordinal)));
        }

        var ids = text.ToString().Split('\n').Where(l => l.StartsWith("id: ", StringComparison.Ordinal)).Select(l => long.Parse(l[7..], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(1, Threads * Events).Select(i => (long)i), ids);
    }

    [Fact]
    public void KeepsAllAfter_SentEventsWereDropped_KnowsTheGap()
    {
        var log = new EventLog("p1", 100);
        Append(log, new string('a', 60));
        Take(log, log.Attach(-1));
        Assert.True(log.KeepsAllAfter(0));

        Append(log, new string('b', 60), droppable: true);

        Assert.False(log.KeepsAllAfter(0));
        Assert.True(log.KeepsAllAfter(1));
        Assert.False(log.KeepsAllAfter(3));
    }

    private static bool Append(EventLog log, string data, bool droppable = false) => log.Append(Encoding.UTF8.GetBytes(data), default, droppable);

    private static string Take(EventLog log, Signal reader)
    {
        using var buffer = new PooledBuffer();
        log.TryTake(reader, buffer);
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    private static string Data(string events) => string.Concat(
        events.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l["data: ".Length..]));
}
