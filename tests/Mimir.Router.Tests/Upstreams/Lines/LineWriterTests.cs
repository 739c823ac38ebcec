using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;
using Mimir.Router.Upstreams.Lines;

namespace Mimir.Router.Tests.Upstreams.Lines;

public sealed class LineWriterTests
{
    [Fact]
    public void Append_LineEndsInside_BecomeBlanks()
    {
        using var line = new CountingLine();
        using var writer = new LineWriter(line, 100, 100);

        Assert.True(writer.Append("{\n\"a\":\r\n1}"u8, default));

        Assert.Equal("{ \"a\":  1}\n", line.Text);
    }

    [Fact]
    public void Append_Splices_AreMade()
    {
        using var line = new CountingLine();
        using var writer = new LineWriter(line, 100, 100);
        SpliceList splices = default;
        splices.Replace(new ByteRange(6, 1), "\"long id\""u8);

        writer.Append("{\"id\":7}"u8, splices);

        Assert.Equal("{\"id\":\"long id\"}\n", line.Text);
    }

    [Theory]
    [InlineData(0, "aaaa\nbbbb\ncc\n")]
    [InlineData(3, "bbbb\ncc\n")]
    [InlineData(5, "bbbb\ncc\n")]
    public async Task TakeUnwritten_PeerGone_GivesBackWhatItTookNothingOf(int taken, string expected)
    {
        using var line = new CountingLine();
        using var writer = new LineWriter(line, 100, 100);
        var broken = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        writer.Broken += () => broken.SetResult(Encoding.UTF8.GetString(writer.TakeUnwritten()));
        line.Allow(taken);
        writer.Append("aaaa"u8, default);
        writer.Append("bbbb"u8, default);
        writer.Append("cc"u8, default);

        line.Break();

        Assert.Equal(expected, await broken.Task.Within());
        Assert.Empty(writer.TakeUnwritten());
    }

    /// <summary>Whoever sees first that a process has gone asks while another thread finds that it takes nothing.</summary>
    [Fact]
    public async Task TakeUnwritten_WhileAWriteFinds_ThatThePeerIsGone_GivesThatBackToo()
    {
        using var line = new FailingLine();
        using var writer = new LineWriter(line, 100, 100);
        var appending = OnAThread(() => writer.Append("aaaa"u8, default));
        await line.Entered.Task.Within();
        var taking = OnAThread(writer.TakeUnwritten);
        await Task.Delay(5);

        line.Fail.Set();

        Assert.Equal("aaaa\n", Encoding.UTF8.GetString(await taking.Within()));
        Assert.True(await appending.Within());
    }

    /// <summary>A peer that did not read and goes took nothing of what waited for it, whoever sees first that it has gone.</summary>
    [Fact]
    public async Task TakeUnwritten_WhileAPeerThatReadNothingGoes_GivesAllBack()
    {
        using var line = new CountingLine();
        using var writer = new LineWriter(line, 100, 100);
        line.Allow(0);
        writer.Append("aaaa"u8, default);
        writer.Append("bbbb"u8, default);
        var taking = OnAThread(writer.TakeUnwritten);
        await Task.Delay(5);

        line.Break();

        Assert.Equal("aaaa\nbbbb\n", Encoding.UTF8.GetString(await taking.Within()));
    }

    [Fact]
    public void TakeUnwritten_WhileThePeerReadsNothing_GivesBackWhatWasNotTriedAndTakesNoMore()
    {
        using var line = new CountingLine();
        using var writer = new LineWriter(line, 100, 100);
        line.Allow(0);
        writer.Append("aaaa"u8, default);
        writer.Append("bbbb"u8, default);

        Assert.Equal("bbbb\n", Encoding.UTF8.GetString(writer.TakeUnwritten()));
        Assert.False(writer.Append("cc"u8, default));
    }

    [Fact]
    public void Append_AfterDispose_IsRefusedAndNothingIsWritten()
    {
        using var line = new CountingLine();
        var writer = new LineWriter(line, 100, 100);
        writer.Dispose();

        Assert.False(writer.Append("x"u8, default));
        writer.Flush();

        Assert.Empty(line.Writes);
    }

    [Fact]
    public void Append_PeerGone_IsToldOnceAndLaterMessagesAreRefused()
    {
        using var line = new CountingLine();
        using var writer = new LineWriter(line, 100, 100);
        var broken = 0;
        writer.Broken += () => broken++;
        line.Break();

        writer.Append("x"u8, default);

        Assert.False(writer.Append("y"u8, default));
        writer.Flush();
        Assert.Equal((1, 0), (broken, writer.Queued));
    }

    [Fact]
    public async Task Append_PeerTakesNothing_BoundsHoldAndAllThatWasTakenArrives()
    {
        using var line = new CountingLine();
        line.Allow(0);
        using var writer = new LineWriter(line, dropBeyond: 100, refuseBeyond: 200);
        var message = Encoding.ASCII.GetBytes(new string('x', 49));

        Assert.True(writer.Append(message, default));
        Assert.True(writer.Append(message, default, droppable: true));
        Assert.False(writer.Append(message, default, droppable: true));
        Assert.Equal(1, writer.Dropped);
        Assert.True(writer.Append(message, default));
        Assert.True(writer.Append(message, default));
        Assert.False(writer.Append(message, default));
        Assert.Equal((200, 1L), (writer.Queued, writer.Dropped));

        line.Allow(int.MaxValue);
        await Patience.UntilAsync(() => writer.Queued == 0);
        Assert.Equal(string.Concat(Enumerable.Repeat(new string('x', 49) + "\n", 4)), line.Text);
        Assert.True(writer.Append(message, default, droppable: true));
    }

    [Fact]
    public void Append_OneMessageLargerThanTheBound_IsTaken()
    {
        using var line = new CountingLine();
        using var writer = new LineWriter(line, 10, 20);

        Assert.True(writer.Append(new byte[1000], default));

        Assert.Equal(1001, line.Text.Length);
    }

    [Fact]
    public async Task Append_PeerTakesAByteAtATime_NothingIsLostOrMixed()
    {
        using var line = new CountingLine();
        using var writer = new LineWriter(line, 1 << 20, 1 << 20);
        line.Allow(0);
        var expected = new StringBuilder();
        for (var i = 0; i < 50; i++)
        {
            expected.Append("message ").Append(i).Append('\n');
            Assert.True(writer.Append(Encoding.ASCII.GetBytes("message " + i), default));
        }

        using var limit = new CancellationTokenSource(Patience.Long);
        while (line.Text.Length < expected.Length)
        {
            line.Allow(1);
            limit.Token.ThrowIfCancellationRequested();
        }

        await Patience.UntilAsync(() => writer.Queued == 0);
        Assert.Equal(expected.ToString(), line.Text);
    }

    [Fact]
    public async Task Dispose_WhileThePeerDoesNotRead_TheDrainingThreadGivesUp()
    {
        using var line = new CountingLine();
        var writer = new LineWriter(line, 1000, 1000);
        line.Allow(3);
        writer.Append("0123456789"u8, default);
        await Patience.UntilAsync(() => line.Text == "012");

        writer.Dispose();
        line.Allow(0);

        Assert.False(writer.Append("x"u8, default));
        Assert.Equal("012", line.Text);
    }

    [Fact]
    public async Task Append_ManyThreadsAndASlowPeer_WholeLinesInEachThreadsOrder()
    {
        const int Threads = 4;
        const int Messages = 5000;
        var (line, peer) = PipeLine.CreatePair();
        using var writer = new LineWriter(line, int.MaxValue, int.MaxValue);
        var writers = Enumerable.Range(0, Threads).Select(me => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Messages; i++)
                {
                    Assert.True(writer.Append(Encoding.ASCII.GetBytes($"{me} {i} {new string('x', i % 400)}"), default));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToList();
        using var reader = new StreamReader(peer.Input);
        var next = new int[Threads];
        for (var i = 0; i < Threads * Messages; i++)
        {
            var parts = (await reader.ReadLineAsync().Within())!.Split(' ');
            var (me, number) = (int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(next[me]++, number);
            Assert.Equal(number % 400, parts[2].Length);
        }

        await Task.WhenAll(writers).Within();
        await Patience.UntilAsync(() => writer.Queued == 0);
    }

    /// <summary>Threads that wait are not taken from those on which the test goes on.</summary>
    private static Task<T> OnAThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>A line whose peer is found to be gone when the test says so.</summary>
    private sealed class FailingLine : IByteLine
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Fail { get; } = new();

        public int Read(Span<byte> buffer) => 0;

        public int TryWrite(ReadOnlySpan<byte> bytes)
        {
            Entered.TrySetResult();
            Fail.Wait();
            throw new IOException("gone");
        }

        public void WaitWritable(TimeSpan timeout)
        {
        }

        public void CloseWrite()
        {
        }

        public void Interrupt()
        {
        }

        public void Dispose() => Fail.Dispose();
    }
}
