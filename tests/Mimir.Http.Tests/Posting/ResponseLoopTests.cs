using System.Text;
using Microsoft.AspNetCore.Http;
using Mimir.Http.Posting;
using Mimir.Http.Streams;
using Mimir.Router.State;

namespace Mimir.Http.Tests.Posting;

public sealed class ResponseLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly KeepAlive _keepAlive = new(TimeProvider.System);
    private readonly ConnectionState _connection;
    private readonly MemoryStream _body = new();
    private readonly DefaultHttpContext _context = new();
    private readonly Calls _calls = new();

    public ResponseLoopTests()
    {
        _context.Response.Body = _body;
        _connection = new ConnectionState(_keepAlive);
    }

    [Fact]
    public async Task Run_AnswerComesFirst_IsJson()
    {
        var reply = Start();
        Assert.True(_connection.Exchange.Finish(7, "{\"id\":1}"u8, default));

        await reply.WaitAsync(Patience);
        Assert.Equal(("application/json", "{\"id\":1}"), (_context.Response.ContentType, Body()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_WokenForNothingBeforeTheAnswer_IsStillJson(bool primed)
    {
        var reply = Start();
        if (primed)
        {
            // The server opened a stream of its own, which says nothing about ours.
            _connection.Exchange.Prime(7);
        }
        else
        {
            // The beat of an earlier stream on the same connection.
            _connection.Exchange.Wake();
        }

        await WaitsAgainAsync(reply);
        Assert.True(_connection.Exchange.Finish(7, "{\"id\":1}"u8, default));

        await reply.WaitAsync(Patience);
        Assert.Equal(("application/json", "{\"id\":1}"), (_context.Response.ContentType, Body()));
    }

    [Fact]
    public async Task Run_NewsComeFirst_AreEventsAndTheAnswerIsTheLast()
    {
        var reply = Start();
        Assert.True(_connection.Exchange.Relate(7, "{\"n\":1}"u8, default));
        Assert.True(_connection.Exchange.Relate(7, "{\"n\":2}"u8, default));
        Assert.True(_connection.Exchange.Finish(7, "{\"id\":1}"u8, default));

        await reply.WaitAsync(Patience);
        Assert.Equal("text/event-stream", _context.Response.ContentType);
        Assert.Equal("event: message\ndata: {\"n\":1}\n\nevent: message\ndata: {\"n\":2}\n\nevent: message\ndata: {\"id\":1}\n\n", Body());
    }

    [Fact]
    public async Task Run_ModernCallerLeaves_ServerIsToldAndTheLoopEnds()
    {
        var reply = Start();
        _connection.Gone();

        await reply.WaitAsync(Patience);
        Assert.Equal(7, _calls.Cancelled);
        Assert.Equal("", Body());
    }

    [Fact]
    public async Task Run_ExchangeUsedAgain_NothingOfTheUseBeforeIsLeft()
    {
        var reply = Start();
        Assert.True(_connection.Exchange.Relate(7, "{\"n\":1}"u8, default));
        Assert.True(_connection.Exchange.Finish(7, "{\"id\":1}"u8, default));
        await reply.WaitAsync(Patience);
        _connection.Exchange.Wake();
        _body.SetLength(0);

        reply = Start(8);
        Assert.False(_connection.Exchange.Relate(7, "{\"old\":1}"u8, default));
        Assert.True(_connection.Exchange.Finish(8, "{\"id\":2}"u8, default));
        await reply.WaitAsync(Patience);

        Assert.Equal(("application/json", "{\"id\":2}"), (_context.Response.ContentType, Body()));
    }

    public void Dispose() => _keepAlive.Dispose();

    /// <summary>Time for a loop that wrongly goes on to show it; one that is right only waits.</summary>
    private static async Task WaitsAgainAsync(Task reply)
    {
        for (var i = 0; i < 20 && !reply.IsCompleted; i++)
        {
            await Task.Delay(5);
        }

        Assert.False(reply.IsCompleted);
    }

    private Task Start(long id = 7)
    {
        var exchange = _connection.Exchange;
        var generation = exchange.Start();
        exchange.MostQueued = 1000;
        exchange.CallerId.Set("1"u8);
        _connection.Watch(exchange, generation);
        Assert.True(exchange.Open(generation, _calls, id, default));
        return ResponseLoop.RunAsync(_context, _connection);
    }

    private string Body()
    {
        _context.Response.BodyWriter.FlushAsync().AsTask().GetAwaiter().GetResult();
        return Encoding.UTF8.GetString(_body.ToArray());
    }

    private sealed class Calls : IUpstreamCalls
    {
        public long Cancelled { get; private set; }

        public void Cancel(long upstreamId, ReadOnlySpan<byte> reason) => Cancelled = upstreamId;
    }
}
