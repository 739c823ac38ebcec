using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Sessions;

public sealed class AskingTests
{
    private const string Capabilities = """{"elicitation":{},"sampling":{},"roots":{},"tasks":{"list":{},"requests":{"sampling":{"createMessage":{}}}}}""";

    [Fact]
    public async Task Progress_TwoServersUseTheSameTokenAndId_EachHearsItsOwn()
    {
        var (x, y) = (TinyServer.With("a"), TinyServer.With("b"));
        await using var house = House.Of(("x", x), ("y", y));
        var session = await house.OpenAsync(Capabilities);
        await session.Call("tools/list").End.Within();
        var ofX = await AskAsync(x, session);
        var ofY = await AskAsync(y, session);

        session.Notify($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{Token(ofY)}}},"progress":0.50}}""");
        session.Notify($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"1","progress":7}}""");
        session.Notify($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{Token(ofX)}}},"progress":2}}""");

        Assert.Equal("""{"progressToken":"t","progress":0.50}""", (await y.ReceivedAsync("notifications/progress")).GetProperty("params").GetRawText());
        Assert.Equal("""{"progressToken":"t","progress":2}""", (await x.ReceivedAsync("notifications/progress")).GetProperty("params").GetRawText());
        Assert.True(Answer(session, ofX));
        Assert.Equal(1, (await x.AnsweredAsync()).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task TaskOfTheClient_ItsNewsAndState_AreTheAskersAlone()
    {
        var (x, y) = (TinyServer.With("a"), TinyServer.With("b"));
        await using var house = House.Of(("x", x), ("y", y));
        var session = await house.OpenAsync(Capabilities);
        await session.Call("tools/list").End.Within();
        var asked = await AskAsync(x, session);
        session.Answer($$$$"""{"jsonrpc":"2.0","id":{{{{Id(asked)}}}},"result":{"task":{"taskId":"S1","status":"working"}}}""");
        await x.AnsweredAsync();

        session.Notify("""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"S1","statusMessage":"SECRET"}}""");
        session.Notify($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{Token(asked)}}},"progress":2}}""");
        session.Notify("""{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""");
        Assert.Equal("notifications/roots/list_changed", await FirstAsync(y, "notifications/tasks/status", "notifications/roots/list_changed"));
        foreach (var method in new[] { "tasks/get", "tasks/result", "tasks/cancel", "tasks/list" })
        {
            await y.Wire.SendAsync($$$"""{"jsonrpc":"2.0","id":5,"method":"{{{method}}}","params":{"taskId":"S1"}}""");
            Assert.Equal(ErrorCodes.InvalidParams, (await y.AnsweredAsync()).GetProperty("error").GetProperty("code").GetInt32());
        }

        Assert.Contains("SECRET", (await x.ReceivedAsync("notifications/tasks/status")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal("t", (await x.ReceivedAsync("notifications/progress")).GetProperty("params").GetProperty("progressToken").GetString());
        Assert.Empty(session.Waiting());
        await x.Wire.SendAsync("""{"jsonrpc":"2.0","id":6,"method":"tasks/result","params":{"taskId":"S\u0031"}}""");
        Assert.Contains("tasks/result", await session.NewsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_ItsConnectionCloses_TheClientIsTold()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync(Capabilities);
        await session.Call("tools/list").End.Within();
        var asked = await AskAsync(server, session);

        await server.Wire.CloseAsync();

        Assert.Equal(
            $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{Id(asked)}}},"reason":"the server has gone"}}""", await session.NewsAsync());
        Assert.False(Answer(session, asked));
    }

    [Fact]
    public async Task Question_ItsCallIsCancelled_ClientAndServerAreTold()
    {
        var server = TinyServer.With("a");
        server.Holds["tools/call"] = new TaskCompletionSource().Task;
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync(Capabilities);
        var call = session.Call("tools/call", """{"name":"x_a"}""", "7");
        await server.ReceivedAsync("tools/call");
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","id":2,"method":"roots/list"}""");
        var roots = await call.NewsAsync();
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{}}""");
        var asked = await call.NewsAsync();

        session.Notify("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""");

        Assert.Equal(
            $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{Id(asked)}}},"reason":"its call has ended"}}""", await session.NewsAsync());
        var answer = await server.AnsweredAsync();
        Assert.Equal((1, ErrorCodes.CannotAsk), (answer.GetProperty("id").GetInt32(), answer.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.False(Answer(session, asked));

        // Roots are asked for when they are needed, in the middle of any call.
        Assert.True(Answer(session, roots));
    }

    [Fact]
    public async Task Question_TheOnlyCallIsAnswered_StaysOpen()
    {
        var server = TinyServer.With("a");
        var hold = new TaskCompletionSource();
        server.Holds["tools/call"] = hold.Task;
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync(Capabilities);
        var call = session.Call("tools/call", """{"name":"x_a"}""", "7");
        await server.ReceivedAsync("tools/call");
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{}}""");
        var asked = await call.NewsAsync();

        hold.SetResult();
        await call.End.Within();

        Assert.True(Answer(session, asked));
        Assert.Empty(session.Waiting());
    }

    [Fact]
    public async Task Withdrawn_ByTheServer_TheClientIsToldUnderItsId()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync(Capabilities);
        await session.Call("tools/list").End.Within();
        var asked = await AskAsync(server, session);

        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}""");
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"x"}}""");

        Assert.Equal($$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{Id(asked)}}},"reason":"x"}}""", await session.NewsAsync());
        Assert.False(Answer(session, asked));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Question_APersonTakesLongerThanCallTimeout_ItsCallsWaitAndTimeOutAfterwards(int calls)
    {
        var time = new ManualTime();
        var server = TinyServer.With("a");
        server.Holds["tools/call"] = new TaskCompletionSource().Task;
        await using var house = new House(
            new RouterModel { Servers = [House.Server("x") with { CallTimeout = TimeSpan.FromSeconds(30) }] },
            new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = server },
            time);
        var session = await house.OpenAsync(Capabilities);
        var open = Enumerable.Range(0, calls).Select(_ => session.Call("tools/call", """{"name":"x_a"}""")).ToList();
        foreach (var _ in open)
        {
            await server.ReceivedAsync("tools/call");
        }

        await server.Wire.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{}}""");
        var asked = calls == 1 ? await open[0].NewsAsync() : await session.NewsAsync();
        time.Advance(TimeSpan.FromSeconds(200));
        Assert.All(open, c => Assert.False(c.IsEnded));
        Assert.True(Answer(session, asked));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.All(open, c => Assert.False(c.IsEnded));
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.All(open, c => Assert.True(c.IsEnded));
    }

    [Fact]
    public async Task Question_NobodyEverAnswers_ItsCallEndsAfterTenTimeouts()
    {
        var time = new ManualTime();
        var server = TinyServer.With("a");
        server.Holds["tools/call"] = new TaskCompletionSource().Task;
        await using var house = new House(
            new RouterModel { Servers = [House.Server("x") with { CallTimeout = TimeSpan.FromSeconds(30) }] },
            new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = server },
            time);
        var session = await house.OpenAsync(Capabilities);
        var call = session.Call("tools/call", """{"name":"x_a"}""");
        await server.ReceivedAsync("tools/call");
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{}}""");
        await call.NewsAsync();

        time.Advance(TimeSpan.FromSeconds(299));
        Assert.False(call.IsEnded);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Contains("-31002", await call.End.Within(), StringComparison.Ordinal);
        Assert.Contains("notifications/cancelled", await session.NewsAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(TinyServer server, TestSession session)
    {
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{"_meta":{"progressToken":"t"},"n":1.0}}""");
        return await session.NewsAsync();
    }

    private static async Task<string> FirstAsync(TinyServer server, params string[] methods)
    {
        while (true)
        {
            var message = await server.ReceivedAsync();
            if (message.TryGetProperty("method", out var method) && methods.Contains(method.GetString(), StringComparer.Ordinal))
            {
                return method.GetString()!;
            }
        }
    }

    private static bool Answer(TestSession session, string question) => session.Answer("{\"jsonrpc\":\"2.0\",\"id\":" + Id(question) + ",\"result\":{}}");

    private static string Id(string question)
    {
        using var document = JsonDocument.Parse(question);
        return document.RootElement.GetProperty("id").GetRawText();
    }

    private static string Token(string question)
    {
        using var document = JsonDocument.Parse(question);
        return document.RootElement.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText();
    }
}
