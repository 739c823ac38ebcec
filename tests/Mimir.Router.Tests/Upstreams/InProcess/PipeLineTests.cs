using Mimir.Router.Upstreams.InProcess;

namespace Mimir.Router.Tests.Upstreams.InProcess;

public sealed class PipeLineTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Read_ManySegmentsOfAnySize_EveryByteInOrder(int seed)
    {
        var (line, peer) = PipeLine.CreatePair();
        var sent = new byte[1_500_000];
        new Random(seed).NextBytes(sent);
        var reading = ReadAllAsync(line, new Random(seed));
        var random = new Random(-seed);
        for (var at = 0; at < sent.Length;)
        {
            var length = Math.Min(random.Next(1, 30_000), sent.Length - at);
            await peer.Output.WriteAsync(sent.AsMemory(at, length)).AsTask().Within();
            at += length;
        }

        await peer.Output.DisposeAsync();

        Assert.True((await reading.Within()).AsSpan().SequenceEqual(sent));
    }

    [Fact]
    public async Task Read_SeveralSegmentsWaitingAtOnce_TellsHowManyBytesItGave()
    {
        var (line, peer) = PipeLine.CreatePair();
        for (var i = 0; i < 20; i++)
        {
            await peer.Output.WriteAsync(new byte[3000]).AsTask().Within();
        }

        var (total, buffer) = (0, new byte[7000]);
        while (total < 60_000)
        {
            var count = line.Read(buffer);
            Assert.Equal(Math.Min(7000, 60_000 - total), count);
            total += count;
        }
    }

    [Fact]
    public async Task Interrupt_WhileReading_EndsTheReadNowAndForEver()
    {
        var (line, peer) = PipeLine.CreatePair();
        var reading = ReadAllAsync(line, new Random(1));
        await peer.Output.WriteAsync(new byte[10]).AsTask().Within();

        line.Interrupt();

        Assert.InRange((await reading.Within()).Length, 0, 10);
        await peer.Output.WriteAsync(new byte[10]).AsTask().Within();
        Assert.Equal(0, line.Read(new byte[10]));
    }

    [Fact]
    public async Task TryWrite_PeerDoesNotRead_TakesNoMoreUntilItDoes()
    {
        var (line, peer) = PipeLine.CreatePair();
        var taken = 0L;
        while (line.TryWrite(new byte[256 * 1024]) is var count && count > 0)
        {
            taken += count;
            Assert.InRange(taken, 1, 4 << 20);
        }

        line.WaitWritable(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, line.TryWrite(new byte[1]));

        await peer.Input.ReadExactlyAsync(new byte[taken]).AsTask().Within();
        line.WaitWritable(Patience.Long);
        Assert.Equal(1, line.TryWrite(new byte[1]));
    }

    [Fact]
    public async Task CloseWrite_PeerReads_EndOfStream()
    {
        var (line, peer) = PipeLine.CreatePair();
        line.TryWrite("rest"u8);
        line.CloseWrite();

        var rest = new byte[10];
        Assert.Equal(4, await peer.Input.ReadAtLeastAsync(rest, 10, throwOnEndOfStream: false).AsTask().Within());
        Assert.Throws<IOException>(() => line.TryWrite("more"u8));
    }

    [Fact]
    public async Task TryWrite_PeerHasStoppedReading_SaysItIsGone()
    {
        var (line, peer) = PipeLine.CreatePair();
        await peer.Input.DisposeAsync();

        Assert.Throws<IOException>(() => line.TryWrite("x"u8));
    }

    [Fact]
    public async Task CloseWrite_WhileAnotherThreadWrites_WriterSeesAnEndAndNothingElse()
    {
        for (var round = 0; round < 300; round++)
        {
            var (line, peer) = PipeLine.CreatePair();
            using var go = new Barrier(2);
            var writing = Task.Factory.StartNew(
                () =>
                {
                    go.SignalAndWait(Patience.Long);
                    try
                    {
                        for (var i = 0; i < 10_000 && line.TryWrite("xxxxxxxx"u8) > 0; i++)
                        {
                        }
                    }
                    catch (IOException)
                    {
                        // The contract: that, and no other exception.
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            go.SignalAndWait(Patience.Long);
            line.CloseWrite();
            await writing.Within();
            await peer.Input.DisposeAsync();
        }
    }

    private static Task<byte[]> ReadAllAsync(PipeLine line, Random random) => Task.Factory.StartNew(
        () =>
        {
            using var all = new MemoryStream();
            var buffer = new byte[20_000];
            while (line.Read(buffer.AsSpan(0, random.Next(1, buffer.Length))) is var count && count > 0)
            {
                all.Write(buffer, 0, count);
            }

            return all.ToArray();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
