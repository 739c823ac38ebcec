using System.Text.Json;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Engine;

public sealed class TaskCallsTests
{
    private const string Listed = """{"tasks":[{"status":"working","taskId":"1"},{"taskId":"1.2"},{"taskId":"no one's"}]}""";

    [Fact]
    public async Task TasksList_SeveralServers_ItsOwnTasksWithTheirTagsAndOneThatFailsTakesNoneAlong()
    {
        var (x, broken, z) = (TinyServer.With("a"), TinyServer.With("a"), TinyServer.With("a"));
        await using var house = House.Of(("x", x), ("y", broken), ("z", z));
        var (session, other) = (await house.OpenAsync(), await house.OpenAsync());
        await MakeAsync(session, x, "x", "1");
        await MakeAsync(session, x, "x", "1.2");
        await MakeAsync(session, broken, "y", "1");
        await MakeAsync(session, z, "z", "1");
        await MakeAsync(other, z, "z", "2");
        x.OfferRaw("tasks/list", Listed);
        z.OfferRaw("tasks/list", """{"tasks":[{"taskId":"1"},{"taskId":"2"}]}""");
        broken.On = async (message, wire) =>
        {
            if (!message.GetProperty("method").ValueEquals("tasks/list"))
            {
                return false;
            }

            await wire.FailAsync(message, -32603);
            return true;
        };

        Assert.Equal(
            """{"jsonrpc":"2.0","id":9,"result":{"tasks":[{"status":"working","taskId":"x.1"},{"taskId":"x.1.2"},{"taskId":"z.1"}]}}""",
            await session.Call("tasks/list", id: "9").End.Within());
        Assert.Equal("""{"jsonrpc":"2.0","id":9,"result":{"tasks":[{"taskId":"z.2"}]}}""", await other.Call("tasks/list", id: "9").End.Within());
        Assert.Contains("\"taskId\":\"1\\u002e2\"", await session.Call("tasks/get", """{"taskId":"x.1\u002e2"}""").End.Within(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tasks/get")]
    [InlineData("tasks/result")]
    [InlineData("tasks/cancel")]
    public async Task Tasks_AnotherSessions_AreNotKnownAndNoServerHears(string method)
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server), ("y", TinyServer.With("b")));
        var (maker, other) = (await house.OpenAsync(), await house.OpenAsync());
        await MakeAsync(maker, server, "x", "1");

        Assert.Equal(ErrorCodes.InvalidParams, Code(await other.Call(method, """{"taskId":"x.1"}""").End.Within()));
        Assert.Equal(0, Code(await maker.Call(method, """{"taskId":"x.1"}""").End.Within()));
        house.Engine.Remove(maker);

        Assert.Equal(ErrorCodes.InvalidParams, Code(await other.Call(method, """{"taskId":"x.1"}""").End.Within()));
    }

    [Fact]
    public async Task Tasks_OneServerAlone_ItsOwnAndUntagged()
    {
        var server = TinyServer.With("a").OfferRaw("tasks/list", Listed);
        await using var house = House.Of(("x", server), ("y", TinyServer.With("b")));
        var (maker, other) = (await house.OpenAsync(view: "x"), await house.OpenAsync(view: "x"));
        await MakeAsync(maker, server, null, "1");

        Assert.Equal("""{"jsonrpc":"2.0","id":9,"result":{"tasks":[{"status":"working","taskId":"1"}]}}""", await maker.Call("tasks/list", id: "9").End.Within());
        Assert.Equal("""{"jsonrpc":"2.0","id":9,"result":{"tasks":[]}}""", await other.Call("tasks/list", id: "9").End.Within());
        Assert.Equal(ErrorCodes.InvalidParams, Code(await other.Call("tasks/get", """{"taskId":"1"}""").End.Within()));
        Assert.Equal(0, Code(await maker.Call("tasks/get", """{"taskId":"1"}""").End.Within()));
    }

    [Fact]
    public async Task Tasks_ServerCountsItsIdsAnew_AreTheNewestMakers()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server), ("y", TinyServer.With("b")));
        var (former, maker) = (await house.OpenAsync(), await house.OpenAsync());
        await MakeAsync(former, server, "x", "1");
        await MakeAsync(maker, server, "x", "1");

        Assert.Equal(ErrorCodes.InvalidParams, Code(await former.Call("tasks/get", """{"taskId":"x.1"}""").End.Within()));
        Assert.Equal(0, Code(await maker.Call("tasks/get", """{"taskId":"x.1"}""").End.Within()));
    }

    [Fact]
    public async Task Tasks_VeryMany_TheOldestIsForgotten()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();
        for (var i = 0; i <= 1024; i++)
        {
            house.Engine.Tasks.Note(session, "x", System.Text.Encoding.ASCII.GetBytes($"{i}"));
        }

        Assert.Null(house.Engine.Tasks.OwnerOf("x", "0"u8));
        Assert.Same(session, house.Engine.Tasks.OwnerOf("x", "1024"u8));
        house.Engine.Remove(session);
        Assert.Null(house.Engine.Tasks.OwnerOf("x", "1024"u8));
    }

    [Theory]
    [InlineData("{}", -32021)]
    [InlineData("""{"extensions":{"io.modelcontextprotocol/tasks":{}}}""", -32602)]
    public async Task TasksGet_OfAModernClient_NamesTheExtensionToThoseThatDidNotDeclareIt(string capabilities, int code)
    {
        await using var house = House.Of(("x", TinyServer.With("a")), ("y", TinyServer.With("b")));

        var answer = await house.Modern("tasks/get", "\"taskId\":\"nobodys.1\"", capabilities: capabilities).End.Within();

        Assert.Equal(code, Code(answer));
        Assert.Equal(code == -32021, answer.Contains("""{"requiredCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}""", StringComparison.Ordinal));
    }

    private static async Task MakeAsync(TestSession session, TinyServer server, string? prefix, string id)
    {
        server.OfferRaw("tools/call", $$$"""{"task":{"taskId":"{{{id}}}"}}""");
        var name = prefix is null ? "a" : prefix + "_a";
        Assert.Contains("\"result\"", await session.Call("tools/call", $$$"""{"name":"{{{name}}}","task":{}}""").End.Within(), StringComparison.Ordinal);
    }

    private static int Code(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0;
    }
}
