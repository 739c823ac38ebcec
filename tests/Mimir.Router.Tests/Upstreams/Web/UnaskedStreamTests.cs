namespace Mimir.Router.Tests.Upstreams.Web;

/// <summary>The stream on which a legacy server behind a URL speaks unasked.</summary>
public sealed class UnaskedStreamTests
{
    private const string Changed = """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Stream_TroubleOnTheWay_IsAskedForAgain(int status)
    {
        await using var server = new TinyLegacy();
        var open = new TaskCompletionSource<TinyReply>();
        server.OnGet = async (count, _, reply) =>
        {
            if (count < 3)
            {
                await reply.SendAsync(status);
                return;
            }

            await StandAsync(reply, open);
        };
        await using var house = House.Behind(server.Http, _time);
        var session = await OpenAsync(house);

        await AdvanceUntilAsync(() => open.Task.IsCompleted, TimeSpan.FromMinutes(2));
        await (await open.Task.Within()).EventAsync(Changed);

        Assert.Contains("tools/list_changed", await session.NewsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(405)]
    [InlineData(404)]
    [InlineData(400)]
    [InlineData(501)]
    [InlineData(200)]
    public async Task Stream_ServerHasNone_IsAskedForOnceAndItsSessionKept(int status)
    {
        await using var server = new TinyLegacy { OnGet = (_, _, reply) => reply.SendAsync(status) };
        await using var house = House.Behind(server.Http, _time);
        var session = await OpenAsync(house);
        await Patience.UntilAsync(() => server.Http.Count("GET") == 1);

        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
        }

        Assert.Equal((1, 1), (server.Http.Count("GET"), server.Http.Count("POST", "initialize")));
    }

    [Fact]
    public async Task Stream_SessionExpiredWhileNoCallRuns_IsRenewedAndHeardAgain()
    {
        await using var server = new TinyLegacy();
        var streams = new[] { new TaskCompletionSource<TinyReply>(), new TaskCompletionSource<TinyReply>() };
        server.OnGet = (count, request, reply) => StandAsync(reply, streams[request.Session == "1" ? 0 : 1]);
        await using var house = House.Behind(server.Http, _time);
        var session = await OpenAsync(house);
        await streams[0].Task.Within();

        server.Expire();
        server.Http.Break();
        await AdvanceUntilAsync(() => streams[1].Task.IsCompleted, TimeSpan.FromMinutes(2));
        await (await streams[1].Task.Within()).EventAsync(Changed);

        Assert.Contains("tools/list_changed", await session.NewsAsync(), StringComparison.Ordinal);
        Assert.Equal(2, server.Http.Count("POST", "initialize"));
    }

    [Fact]
    public async Task Stream_CallFindsTheSessionExpired_MovesToTheNewSessionAndStaysOne()
    {
        await using var server = new TinyLegacy();
        var sessions = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var left = new TaskCompletionSource();
        server.OnGet = async (_, request, reply) =>
        {
            await reply.StartEventsAsync();
            sessions.Enqueue(request.Session!);
            try
            {
                while (true)
                {
                    await reply.EventAsync("");
                    await Task.Delay(10);
                }
            }
            catch (IOException) when (request.Session == "1")
            {
                left.TrySetResult();
            }
        };
        await using var house = House.Behind(server.Http, _time);
        var session = await OpenAsync(house);
        await Patience.UntilAsync(() => sessions.Count == 1);

        server.Expire();
        Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);

        await left.Task.Within();
        await Patience.UntilAsync(() => sessions.Count == 2);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
        }

        Assert.Equal(["1", "3"], sessions);
    }

    private static async Task<TestSession> OpenAsync(House house)
    {
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        return session;
    }

    /// <summary>Opens the stream and leaves it open.</summary>
    private static async Task StandAsync(TinyReply reply, TaskCompletionSource<TinyReply> open)
    {
        await reply.StartEventsAsync();
        open.SetResult(reply);
        await Task.Delay(Timeout.Infinite);
    }

    private async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan most)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        for (var gone = TimeSpan.Zero; !condition() && gone < most; gone += TimeSpan.FromMilliseconds(100))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(2, limit.Token);
        }
    }
}
