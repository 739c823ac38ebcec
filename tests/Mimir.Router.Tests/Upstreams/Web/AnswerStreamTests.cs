using System.Collections.Concurrent;
using System.Globalization;

namespace Mimir.Router.Tests.Upstreams.Web;

/// <summary>The stream on which a legacy server behind a URL answers a call, which it may end before that.</summary>
public sealed class AnswerStreamTests
{
    private const string Call = """{"name":"x_a"}""";
    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<long> _resumed = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_EndedThirtyTimesWithNewsEachTime_IsResumedUntilTheAnswer(bool primesOnly)
    {
        await using var server = Behind(async (count, id, reply) =>
        {
            await reply.StartEventsAsync();
            if (count == 30)
            {
                await reply.EventAsync(Answer(id), id: "last");
            }
            else
            {
                await reply.EventAsync(primesOnly ? "" : """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}""", id: Id(count) + "\nretry: 0");
            }
        });
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();

        Assert.Contains("\"result\"", await session.Call("tools/call", Call).End.Within(_time), StringComparison.Ordinal);

        Assert.Equal(30, _resumed.Count);
        Assert.Equal(Enumerable.Range(0, 30).Select(Id), Resumptions(server).Select(r => r.Headers["Last-Event-ID"]));

        // As fast as it wants the first ten times, and then not faster than ten times a second.
        var at = _resumed.ToArray();
        Assert.True(at[9] - at[0] < 900, $"{at[9] - at[0]} ms");
        Assert.All(Enumerable.Range(11, 19), i => Assert.True(at[i] - at[i - 1] >= 100, $"{i}: {at[i] - at[i - 1]} ms"));
    }

    [Fact]
    public async Task Stream_ResumedTenTimesInVain_EndsTheCall()
    {
        await using var server = Behind(async (count, _, reply) =>
        {
            await reply.StartEventsAsync();
            if (count == 0)
            {
                await reply.EventAsync("", id: "a\nretry: 0");
            }
        });
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();

        Assert.Contains("it ended the stream before the answer.", await session.Call("tools/call", Call).End.Within(_time), StringComparison.Ordinal);
        Assert.Equal(10, _resumed.Count);
    }

    [Theory]
    [InlineData(503, "", 750)]
    [InlineData(500, "", 750)]
    [InlineData(408, "", 750)]
    [InlineData(429, "Retry-After: 3", 6000)]
    public async Task Resumption_TroubleTwice_IsTriedAgainAndGoesOn(int status, string header, long least)
    {
        await using var server = Behind(async (count, id, reply) =>
        {
            if (count is 1 or 2)
            {
                await reply.SendAsync(status, header: header);
                return;
            }

            await reply.StartEventsAsync();
            await reply.EventAsync(count == 0 ? "" : Answer(id), id: Id(count));
        });
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();

        Assert.Contains("\"result\"", await session.Call("tools/call", Call).End.Within(_time), StringComparison.Ordinal);

        Assert.Equal(["0", "0", "0"], Resumptions(server).Select(r => r.Headers["Last-Event-ID"]));
        Assert.True(_resumed.Last() - _resumed.First() >= least, $"{_resumed.Last() - _resumed.First()} ms");
        Assert.Equal(1, server.Http.Count("POST", "tools/call"));
    }

    [Fact]
    public async Task Resumption_TheConnectionBreaksTwice_IsTriedAgainAndGoesOn()
    {
        await using var server = Behind(async (count, id, reply) =>
        {
            if (count is 1 or 2)
            {
                await reply.BreakAsync();
                return;
            }

            await reply.StartEventsAsync();
            await reply.EventAsync(count == 0 ? "" : Answer(id), id: Id(count));
        });
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();

        Assert.Contains("\"result\"", await session.Call("tools/call", Call).End.Within(_time), StringComparison.Ordinal);
        Assert.Equal(3, _resumed.Count);
    }

    [Fact]
    public async Task Resumption_TroubleAgainAndAgain_EndsTheCallAfterFourMore()
    {
        await using var server = Behind(async (count, _, reply) =>
        {
            if (count > 0)
            {
                await reply.SendAsync(503);
                return;
            }

            await reply.StartEventsAsync();
            await reply.EventAsync("", id: "a");
        });
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();

        Assert.Contains("does not resume it", await session.Call("tools/call", Call).End.Within(_time), StringComparison.Ordinal);
        Assert.Equal(5, _resumed.Count);
        Assert.True(_resumed.Last() - _resumed.First() >= 3750, $"{_resumed.Last() - _resumed.First()} ms");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(400)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task Resumption_RefusedForGood_EndsTheCallAtOnce(int status)
    {
        await using var server = Behind(async (count, _, reply) =>
        {
            if (count > 0)
            {
                await reply.SendAsync(status);
                return;
            }

            await reply.StartEventsAsync();
            await reply.EventAsync("", id: "a");
        });
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();

        Assert.Contains("does not resume it", await session.Call("tools/call", Call).End.Within(_time), StringComparison.Ordinal);
        Assert.Single(_resumed);
    }

    [Fact]
    public async Task Resumption_TheCallIsCancelledWhileItWaits_IsNotTriedAgain()
    {
        await using var server = Behind(async (count, _, reply) =>
        {
            if (count > 0)
            {
                await reply.SendAsync(503, header: "Retry-After: 30");
                return;
            }

            await reply.StartEventsAsync();
            await reply.EventAsync("", id: "a\nretry: 0");
        });
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();
        var call = session.Call("tools/call", Call);
        await Patience.UntilAsync(() => _resumed.Count == 1);

        Assert.True(call.Withdraw(""u8));
        await Patience.UntilAsync(() => server.Http.Count("POST", "notifications/cancelled") == 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("\"tools\"", await session.Call("tools/list").End.Within(_time), StringComparison.Ordinal);

        Assert.Single(_resumed);
    }

    /// <summary>A server that begins a stream for each call, and ends it when the step has run.</summary>
    /// <param name="step">What it does with the call (0), and each time the stream is resumed; knows the id of the call.</param>
    private TinyLegacy Behind(Func<int, string, TinyReply, Task> step)
    {
        var server = new TinyLegacy();
        var id = "";
        var count = 0;
        server.OnCall = (request, reply) => step(0, id = request.Id, reply);
        server.OnGet = (_, request, reply) =>
        {
            if (!request.Headers.ContainsKey("Last-Event-ID"))
            {
                return reply.SendAsync(405);
            }

            _resumed.Enqueue((long)TimeSpan.FromTicks(_time.GetTimestamp()).TotalMilliseconds);
            return step(Interlocked.Increment(ref count), id, reply);
        };
        return server;
    }

    private static IEnumerable<TinyRequest> Resumptions(TinyLegacy server) => server.Http.Requests.Where(r => r.Headers.ContainsKey("Last-Event-ID"));

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Answer(string id) => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[]}}""";
}
