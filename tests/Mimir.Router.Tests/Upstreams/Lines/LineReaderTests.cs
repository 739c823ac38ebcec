using System.Text;
using Mimir.Router.Upstreams.InProcess;
using Mimir.Router.Upstreams.Lines;

namespace Mimir.Router.Tests.Upstreams.Lines;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb\n", "a|b")]
    [InlineData("\n \n\t\r\na\n\n", "a")]
    [InlineData("a\nunfinished", "a")]
    [InlineData("", "")]
    public async Task Run_Lines_EachOnceWithoutItsEnd(string text, string expected)
    {
        var (reader, peer, lines, ended) = Create(100);
        reader.Start("test");
        await peer.Output.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().Within();
        await peer.Output.DisposeAsync();

        Assert.False(await ended.Within());
        Assert.Equal(expected, string.Join('|', lines));
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public async Task Run_LongestLine_HasALimit(int length, bool overflows)
    {
        var (reader, peer, lines, ended) = Create(100);
        reader.Start("test");
        await peer.Output.WriteAsync(Encoding.UTF8.GetBytes("first\n" + new string('x', length) + "\nlast\n")).AsTask().Within();
        await peer.Output.DisposeAsync();

        Assert.Equal(overflows, await ended.Within());
        Assert.Equal(overflows ? ["first"] : ["first", new string('x', 100), "last"], lines);
    }

    [Fact]
    public async Task Run_EndlessLine_EndsWithoutKeepingIt()
    {
        var (reader, peer, _, ended) = Create(100_000);
        reader.Start("test");
        var flood = new byte[10_000];
        Array.Fill(flood, (byte)'x');
        while (!ended.IsCompleted)
        {
            // Nobody reads on after the limit, so the last of it may stay in the pipe.
            await Task.WhenAny(peer.Output.WriteAsync(flood).AsTask(), ended).Within();
        }

        Assert.True(await ended);
    }

    [Fact]
    public async Task Run_HandlerThrows_EndsTheLineAndNotTheProgram()
    {
        var (line, peer) = PipeLine.CreatePair();
        var ended = new TaskCompletionSource<bool>();
        new LineReader(line, 100, _ => throw new InvalidOperationException("a fault of ours"), overflowed => ended.SetResult(overflowed)).Start("test");
        await peer.Output.WriteAsync("x\n"u8.ToArray()).AsTask().Within();

        Assert.False(await ended.Task.Within());
    }

    [Fact]
    public async Task Run_SeveralLinesInOneRead_AnswersLeaveInOneWrite()
    {
        var (incoming, client) = PipeLine.CreatePair();
        var counting = new CountingLine();
        using var writer = new LineWriter(counting, 1 << 20, 1 << 20);
        await client.Output.WriteAsync("1\n2\n3\n"u8.ToArray()).AsTask().Within();
        await client.Output.DisposeAsync();

        new LineReader(incoming, 100, frame => writer.Append(frame, default), _ => { }).Run();

        Assert.Equal(["1\n2\n3\n"], counting.Writes);
    }

    [Fact]
    public async Task BeforeRead_Waits_PeerIsHeldBack()
    {
        var (line, peer) = PipeLine.CreatePair();
        using var gate = new SemaphoreSlim(0);
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = new LineReader(line, 4 << 20, _ => { }, ended.SetResult) { BeforeRead = () => gate.Wait(Patience.Long) };
        reader.Start("test");

        var flood = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await peer.Output.WriteAsync(new byte[100_000]);
            }

            await peer.Output.DisposeAsync();
        });
        await Assert.ThrowsAsync<TimeoutException>(() => flood.WaitAsync(TimeSpan.FromMilliseconds(100)));
        gate.Release(100_000);
        await flood.Within();
        await ended.Task.Within();
    }

    private static (LineReader Reader, (Stream Input, Stream Output) Peer, List<string> Lines, Task<bool> Ended) Create(int maxLine)
    {
        var (line, peer) = PipeLine.CreatePair();
        var lines = new List<string>();
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return (new LineReader(line, maxLine, frame => lines.Add(Encoding.UTF8.GetString(frame)), ended.SetResult), peer, lines, ended.Task);
    }
}
