using System.IO.Pipelines;
using System.Text;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Tests.Terminal;

public sealed class StreamLinesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 20_000)]
    public async Task ReadLine_SeveralEndings_GivesLinesThenNull()
    {
        var lines = new StreamLines(new MemoryStream(Encoding.UTF8.GetBytes("one\ntwö\r\n\nlast")));

        Assert.Equal("one", await lines.ReadLineAsync(Token));
        Assert.Equal("twö", await lines.ReadLineAsync(Token));
        Assert.Equal("", await lines.ReadLineAsync(Token));
        Assert.Equal("last", await lines.ReadLineAsync(Token));
        Assert.Null(await lines.ReadLineAsync(Token));
        Assert.Null(await lines.ReadLineAsync(Token));
    }

    [Fact(Timeout = 20_000)]
    public async Task ReadLine_Cancelled_LeavesTheLineToTheNextCaller()
    {
        var pipe = new Pipe();
        var lines = new StreamLines(pipe.Reader.AsStream());
        using var cancel = new CancellationTokenSource();
        var first = lines.ReadLineAsync(cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes("kept\n"), Token);

        Assert.Equal("kept", await lines.ReadLineAsync(Token));
    }

    [Fact(Timeout = 20_000)]
    public async Task ReadLine_EndlessLine_FailsAtTheLimit()
    {
        var lines = new StreamLines(new MemoryStream(Encoding.UTF8.GetBytes(new string('x', ILineSource.MaxLength + 1))));

        await Assert.ThrowsAsync<InvalidDataException>(() => lines.ReadLineAsync(Token).AsTask());
    }
}
