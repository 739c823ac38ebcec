using System.Globalization;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Upstreams.Web;

public sealed class StreamableHttpConnectionTests
{
    private const string Call = """{"name":"x_a"}""";

    [Fact]
    public async Task Call_ConnectionRefusedAgainAndAgainWhileOthersAreUnderWay_FailsAlone()
    {
        var release = new TaskCompletionSource();
        var arrived = new TaskCompletionSource();
        await using var server = new TinyLegacy();
        server.OnCall = async (request, reply) =>
        {
            arrived.TrySetResult();
            await release.Task;
            await reply.AnswerAsync(request, """{"content":[]}""");
        };
        await using var house = House.Behind(server.Http);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        var slot = session.Catalog!.SlotOf(house.Pool("x"));
        var live = slot.Live!;
        var before = session.Call("tools/call", Call);
        await arrived.Task.Within();

        // The sockets that idle in the pool take what comes until none is left.
        server.Http.Refuse();
        TestExchange refused;
        var others = new List<TestExchange>();
        do
        {
            others.Add(refused = session.Call("tools/call", Call));
            await Task.WhenAny(refused.End, Task.Delay(TimeSpan.FromSeconds(5)));
        }
        while (!refused.IsEnded);

        Assert.Contains(ErrorCodes.ServerLost.ToString(CultureInfo.InvariantCulture), await refused.End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"retryable\":true", await refused.End.Within(), StringComparison.Ordinal);
        Assert.False(before.IsEnded);
        Assert.True(live.IsOpen);
        release.SetResult();
        Assert.Contains("\"result\"", await before.End.Within(), StringComparison.Ordinal);
        foreach (var other in others.SkipLast(1))
        {
            Assert.Contains("\"result\"", await other.End.Within(), StringComparison.Ordinal);
        }

        Assert.Same(live, slot.Live);
        Assert.True(live.IsOpen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Close_ACallIsOpenAtTheServer_IsBrokenOffThereAndItsCallerIsTold(bool answersAsStream)
    {
        var (arrived, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = new TinyLegacy();
        server.OnCall = async (_, reply) =>
        {
            await (answersAsStream ? reply.StartEventsAsync() : Task.CompletedTask);
            arrived.SetResult();
            await reply.LeftAsync();
            left.SetResult();
        };
        await using var house = House.Behind(server.Http);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        var live = session.Catalog!.SlotOf(house.Pool("x")).Live!;
        var call = session.Call("tools/call", Call);
        await arrived.Task.Within();

        live.Close("the test says so");

        Assert.Contains("the test says so", await call.End.Within(), StringComparison.Ordinal);
        await left.Task.Within();
        Assert.Equal(0, live.Pending.Count);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2024-11-05")]
    public async Task Call_NobodyAnswersAnyMore_WaitsForTheServerToComeBack(string revision)
    {
        await using var server = new TinyLegacy();
        await using var house = House.Behind(server.Http);
        var session = await house.OpenAsync(revision: revision);
        await session.Call("tools/list").End.Within();
        var slot = session.Catalog!.SlotOf(house.Pool("x"));
        var live = slot.Live!;

        server.Http.Refuse();
        server.Http.Break();
        var call = session.Call("tools/call", Call);
        await live.Gone.Task.Within();

        server.Http.Return();
        Assert.Contains("\"result\"", await call.End.Within(), StringComparison.Ordinal);
        Assert.NotSame(live, slot.Live);
    }

    [Fact]
    public async Task Call_TheServerIsLostInItsMiddleAndItsStreamCouldBeResumed_MayHaveRunAndIsNotSentAgain()
    {
        var began = new TaskCompletionSource();
        await using var server = new TinyLegacy();
        server.OnCall = async (_, reply) =>
        {
            await reply.StartEventsAsync();
            await reply.EventAsync("\nid: 7\nretry: 10");
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite);
        };
        await using var house = House.Behind(server.Http);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        var call = session.Call("tools/call", Call);
        await began.Task.Within();
        await Task.Delay(200);

        server.Http.Refuse();
        server.Http.Break();
        await Task.Delay(500);
        server.Http.Return();

        var answer = await call.End.Within();
        Assert.Contains(ErrorCodes.ServerLost.ToString(CultureInfo.InvariantCulture), answer, StringComparison.Ordinal);
        Assert.Contains("\"retryable\":false", answer, StringComparison.Ordinal);
        Assert.Equal(1, server.Http.Count("POST", "tools/call"));
    }

    [Fact]
    public async Task Call_ModernServerInThePlaceOfALegacyOne_ItTakesTheCalls()
    {
        await using var server = new TinyLegacy();
        await using var house = House.Behind(server.Http);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();

        server.IsModern = true;
        var calls = Enumerable.Range(0, 32).Select(_ => session.Call("tools/call", Call)).ToList();

        foreach (var call in calls)
        {
            Assert.Contains("the modern one", await call.End.Within(), StringComparison.Ordinal);
        }

        Assert.Equal(32, server.Http.Requests.Count(r => r.Method == "tools/call" && r.Headers.GetValueOrDefault("MCP-Protocol-Version") == "2026-07-28"));
    }

    [Fact]
    public async Task Call_LegacyServerInThePlaceOfAModernOne_ItTakesTheCalls()
    {
        await using var server = new TinyLegacy { IsModern = true };
        await using var house = House.Behind(server.Http);
        await house.ModernListsAsync();

        server.IsModern = false;
        var calls = Enumerable.Range(0, 32).Select(_ => house.Modern("tools/call", "\"name\":\"x_a\"")).ToList();

        foreach (var call in calls)
        {
            Assert.Contains("\"content\"", await call.End.Within(), StringComparison.Ordinal);
        }

        Assert.Equal(32, server.Http.Requests.Count(r => r.Method == "tools/call" && r.Session is not null));
    }

    [Fact]
    public async Task Call_LegacyServerFindsFaultWithTheArguments_ItsSessionGoesOn()
    {
        await using var server = new TinyLegacy();
        server.OnCall = (request, reply) => reply.SendAsync(400, $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32602,"message":"n is missing"} }""");
        await using var house = House.Behind(server.Http);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();

        var answer = await session.Call("tools/call", Call).End.Within();

        Assert.Contains("n is missing", answer, StringComparison.Ordinal);
        Assert.Equal((1, 1), (server.Http.Count("POST", "initialize"), server.Http.Count("POST", "tools/call")));
    }

    [Theory]
    [InlineData(400, -32000)]
    [InlineData(404, -32001)]
    [InlineData(405, -32019)]
    public async Task Call_ModernServerEndsItWithACodeOfItsOwn_IsNotRunTwice(int status, int code)
    {
        await using var server = new Changeling { OnModernCall = (request, reply) => reply.SendAsync(status, Changeling.Error(request, code, "out of stock")) };
        await using var house = House.Behind(server.Http);
        await house.ModernListsAsync();

        var answer = await house.Modern("tools/call", "\"name\":\"x_a\"").End.Within();

        Assert.Contains("out of stock", answer, StringComparison.Ordinal);
        Assert.Equal((2, 1), (server.Http.Count("POST", "server/discover"), server.Http.Count("POST", "tools/call")));
    }

    [Fact]
    public async Task Call_ModernServerEndsItWithACodeOfItsOwnAndGoesAway_IsNotSentElsewhere()
    {
        await using var server = new Changeling();
        server.OnModernCall = (request, reply) =>
        {
            server.IsAway = true;
            return reply.SendAsync(400, Changeling.Error(request, -32000, "out of stock"));
        };
        await using var house = House.Behind(server.Http);
        await house.ModernListsAsync();

        Assert.Contains("out of stock", await house.Modern("tools/call", "\"name\":\"x_a\"").End.Within(), StringComparison.Ordinal);
        Assert.Equal(1, server.Http.Count("POST", "tools/call"));
    }

    [Fact]
    public async Task Call_LegacyServerThatSaysSoInThePlaceOfAModernOne_ItTakesTheCalls()
    {
        await using var server = new Changeling();
        await using var house = House.Behind(server.Http);
        await house.ModernListsAsync();

        server.IsLegacy = true;
        var calls = Enumerable.Range(0, 32).Select(_ => house.Modern("tools/call", "\"name\":\"x_a\"")).ToList();

        foreach (var call in calls)
        {
            Assert.Contains("\"content\"", await call.End.Within(), StringComparison.Ordinal);
        }

        Assert.Equal(32, server.Http.Requests.Count(r => r.Method == "tools/call" && r.Session is not null));
    }

    [Fact]
    public async Task Call_ItsStreamBreaksAndTheSessionIsAnotherMeanwhile_IsNotResumedInThat()
    {
        var time = new ManualTime();
        var begun = new TaskCompletionSource();
        await using var server = new TinyLegacy();
        server.OnCall = async (request, reply) =>
        {
            if (begun.Task.IsCompleted)
            {
                await reply.AnswerAsync(request, """{"content":[]}""");
                return;
            }

            await reply.StartEventsAsync();
            await reply.EventAsync("", id: "7");
            begun.SetResult();
        };
        await using var house = House.Behind(server.Http, time);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        var first = session.Call("tools/call", Call);
        await begun.Task.Within();

        server.Expire();
        Assert.Contains("\"content\"", await session.Call("tools/call", Call).End.Within(), StringComparison.Ordinal);
        await Patience.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            return first.IsEnded;
        });

        Assert.Contains("does not resume it", await first.End, StringComparison.Ordinal);
        Assert.All(server.Http.Requests.Where(r => r.Headers.ContainsKey("Last-Event-ID")), r => Assert.Equal("1", r.Session));
    }

    /// <summary>A server that is modern at first, and another one in its place that is legacy and says what it misses.</summary>
    private sealed class Changeling : IAsyncDisposable
    {
        public Changeling() => Http = new TinyHttp(ServeAsync);

        public TinyHttp Http { get; }

        public bool IsLegacy { get; set; }

        public bool IsAway { get; set; }

        public Func<TinyRequest, TinyReply, Task> OnModernCall { get; set; } = (request, reply) => reply.AnswerAsync(request, """{"resultType":"complete","content":[]}""");

        public static string Error(TinyRequest request, int code, string message) =>
            string.Create(CultureInfo.InvariantCulture, $"{{\"jsonrpc\":\"2.0\",\"id\":{request.Id},\"error\":{{\"code\":{code},\"message\":\"{message}\"}}}}");

        public ValueTask DisposeAsync() => Http.DisposeAsync();

        private Task ServeAsync(TinyRequest request, TinyReply reply) => request switch
        {
            _ when IsAway => reply.SendAsync(503),
            { Http: not "POST" } => reply.SendAsync(405),
            { Id: "" } => reply.SendAsync(202),
            { Method: "server/discover" } when !IsLegacy =>
                reply.AnswerAsync(request, """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}"""),
            { Method: "initialize" } when IsLegacy =>
                reply.AnswerAsync(request, """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"t","version":"1"}}""", "Mcp-Session-Id: 1"),
            { Session: null } when IsLegacy => reply.SendAsync(400, Error(request, -32000, "Bad Request: Server not initialized")),
            { Method: "tools/list" } => reply.AnswerAsync(request, $$"""{"resultType":"complete","tools":[{{TinyServer.Tool("a")}}]}"""),
            { Method: "tools/call" } => IsLegacy ? reply.AnswerAsync(request, """{"content":[]}""") : OnModernCall(request, reply),
            _ => reply.SendAsync(404, Error(request, -32601, "no")),
        };
    }
}
