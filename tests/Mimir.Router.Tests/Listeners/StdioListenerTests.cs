using System.Text;
using Mimir.Router.Listeners;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;

namespace Mimir.Router.Tests.Listeners;

public sealed class StdioListenerTests
{
    [Fact]
    public async Task Run_ClientSendsDoesNotReadAndGoes_TheListenerEnds()
    {
        await using var house = House.Of(new RouterModel { Limits = new LimitsModel { MaxQueuedBytes = 1000 } }, null);
        var (incoming, client) = PipeLine.CreatePair();
        using var outgoing = new CountingLine();
        outgoing.Allow(0);
        using var listener = new StdioListener(house.Engine, house.Engine.All, new OneWay(incoming, outgoing));
        var running = Task.Factory.StartNew(listener.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // The first answer is being written when the others come, all in one piece, and wait behind it.
        await client.Output.WriteAsync(Ping(0)).AsTask().Within();
        await Patience.UntilAsync(() => outgoing.Attempts > 0);
        await client.Output.WriteAsync(Enumerable.Range(1, 100).SelectMany(Ping).ToArray()).AsTask().Within();

        await Assert.ThrowsAsync<TimeoutException>(() => running.WaitAsync(TimeSpan.FromMilliseconds(200)));
        outgoing.Break();
        await client.Output.DisposeAsync();

        await running.Within();
        Assert.Equal(0, house.Engine.SessionCount);
    }

    private static byte[] Ping(int id) => Encoding.ASCII.GetBytes($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""" + "\n");

    private sealed class OneWay(PipeLine incoming, CountingLine outgoing) : IByteLine
    {
        public int Read(Span<byte> buffer) => incoming.Read(buffer);

        public int TryWrite(ReadOnlySpan<byte> bytes) => outgoing.TryWrite(bytes);

        public void WaitWritable(TimeSpan timeout) => outgoing.WaitWritable(timeout);

        public void CloseWrite() => outgoing.CloseWrite();

        public void Interrupt() => incoming.Interrupt();

        public void Dispose() => incoming.Dispose();
    }
}
