using System.IO.Pipes;
using System.Security.Cryptography;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Lines;

public sealed class StreamLineTests : IAsyncLifetime
{
    private StreamLine _line = null!;
    private NamedPipeClientStream _in = null!;
    private NamedPipeClientStream _out = null!;

    public async ValueTask InitializeAsync()
    {
        (var write, _in) = await PairAsync(PipeDirection.Out);
        (var read, _out) = await PairAsync(PipeDirection.In);
        _line = new StreamLine(write, read);
    }

    public ValueTask DisposeAsync()
    {
        _line.Dispose();
        _in.Dispose();
        _out.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ReadAndTryWrite_MegabytesThroughAnEcho_ComeBackUnchangedAndEnd()
    {
        var sent = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        var echo = Task.Run(async () =>
        {
            await _in.CopyToAsync(_out);
            _out.Dispose();
        });
        var received = _line.ReadAllAsync();
        await Task.Run(() =>
        {
            _line.WriteAll(sent);
            _line.CloseWrite();
        }).WaitAsync(Run.Patience);
        Assert.True((await received.WaitAsync(Run.Patience)).AsSpan().SequenceEqual(sent));
        await echo;
    }

    [Fact]
    public async Task TryWrite_NobodyReads_TakesNothingMoreUntilSomebodyDoes()
    {
        Fill();
        _line.WaitWritable(TimeSpan.FromMilliseconds(100));
        Assert.Equal(0, _line.TryWrite(new byte[10]));
        var wait = Task.Run(() => _line.WaitWritable(Run.Patience));
        var drain = _in.CopyToAsync(Stream.Null);
        await wait.WaitAsync(Run.Patience);
        Assert.True(await Processes.EventuallyAsync(() => _line.TryWrite(new byte[10]) == 10, Run.Patience));
        _line.CloseWrite();
        await drain.WaitAsync(Run.Patience);
    }

    [Fact]
    public async Task CloseWrite_WhatWasTakenIsNotThroughYet_ArrivesBeforeTheEnd()
    {
        var taken = Fill();
        _line.CloseWrite();
        Assert.Throws<IOException>(() => _line.TryWrite(new byte[1]));
        using var arrived = new MemoryStream();
        await _in.CopyToAsync(arrived).WaitAsync(Run.Patience);
        Assert.Equal(taken, arrived.Length);
    }

    [Fact]
    public async Task TryWrite_ReaderIsGone_Throws()
    {
        _in.Dispose();
        Assert.True(await Processes.EventuallyAsync(() => Record.Exception(() => _line.TryWrite(new byte[10])) is IOException, Run.Patience));
    }

    [Fact]
    public async Task Interrupt_WhileReadAndWaitBlock_EndsBothForEver()
    {
        Fill();
        var read = _line.ReadAllAsync();
        var wait = Task.Run(() => _line.WaitWritable(Timeout.InfiniteTimeSpan));
        _line.Interrupt();
        Assert.Empty(await read.WaitAsync(Run.Patience));
        await wait.WaitAsync(Run.Patience);
        await _out.WriteAsync(new byte[10]);
        Assert.Equal(0, _line.Read(new byte[10]));
    }

    [Fact]
    public async Task EndWhenDrained_SomebodyHoldsTheOtherEnd_ReadsWhatIsThereAndEnds()
    {
        await _out.WriteAsync(new byte[10_000]);
        var first = _line.Read(new byte[100]);
        _line.EndWhenDrained();
        Assert.Equal(10_000 - first, (await _line.ReadAllAsync().WaitAsync(Run.Patience)).Length);
        Assert.True(_out.IsConnected);
        await _out.WriteAsync(new byte[10]);
        Assert.Equal(0, _line.Read(new byte[10]));
    }

    [Fact]
    public async Task EndWhenDrained_WhileReadBlocks_EndsIt()
    {
        var read = _line.ReadAllAsync();
        _line.EndWhenDrained();
        Assert.Empty(await read.WaitAsync(Run.Patience));
    }

    /// <summary>Writes until nothing is taken any more.</summary>
    private long Fill()
    {
        var taken = 0L;
        var block = new byte[64 * 1024];
        for (var refused = 0; refused < 3;)
        {
            var count = _line.TryWrite(block);
            taken += count;
            refused = count == 0 ? refused + 1 : 0;
            if (count == 0)
                _line.WaitWritable(TimeSpan.FromMilliseconds(50));
        }

        return taken;
    }

    private static async Task<(NamedPipeServerStream Ours, NamedPipeClientStream Theirs)> PairAsync(PipeDirection ours)
    {
        var name = $"mimir-test-{Guid.NewGuid():N}";
        var server = new NamedPipeServerStream(
            name, ours, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly, 64 * 1024, 64 * 1024);
        var client = new NamedPipeClientStream(".", name, ours == PipeDirection.In ? PipeDirection.Out : PipeDirection.In, PipeOptions.Asynchronous);
        await Task.WhenAll(server.WaitForConnectionAsync(), client.ConnectAsync());
        return (server, client);
    }
}
