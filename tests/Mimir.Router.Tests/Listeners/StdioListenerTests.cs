using System.Text;
using Mimir.Router.Engine;
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_ClientClosesItsSideWithACallOpen_IsAnsweredBeforeTheListenerEnds(bool inTime)
    {
        var server = TinyServer.With("a");
        var release = new TaskCompletionSource();
        server.Holds["tools/call"] = release.Task;
        await using var house = House.Of(("x", server));
        await house.ModernListsAsync();
        var (line, client) = PipeLine.CreatePair();
        using var now = new CancellationTokenSource();
        using var listener = new StdioListener(house.Engine, house.Engine.All, line) { Farewell = new Farewell(TimeProvider.System, null, now.Token) };
        var running = Task.Factory.StartNew(listener.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await client.Output.WriteAsync(Encoding.ASCII.GetBytes(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"x_a\",\"_meta\":"
            + "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}\n")).AsTask().Within();
        await server.ReceivedAsync("tools/call");

        await client.Output.DisposeAsync();
        Assert.False(running.IsCompleted);
        if (inTime)
        {
            release.SetResult();
        }
        else
        {
            await now.CancelAsync();
        }

        await running.Within();
        var answer = new byte[4096];
        var text = Encoding.UTF8.GetString(answer, 0, await client.Input.ReadAsync(answer).AsTask().Within());
        Assert.Contains("\"id\":7", text, StringComparison.Ordinal);
        Assert.Contains(inTime ? "\"result\"" : "\"code\":-31003,\"message\":\"Mimir is stopping.", text, StringComparison.Ordinal);
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
