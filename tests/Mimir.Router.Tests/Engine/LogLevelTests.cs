using System.Text.Json;

namespace Mimir.Router.Tests.Engine;

public sealed class LogLevelTests
{
    [Fact]
    public async Task SetLevel_SeveralSessionsOnOneConnection_ServerHearsTheMostTalkative()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var (one, other) = (await house.OpenAsync(), await house.OpenAsync());
        await one.Call("tools/list").End.Within();

        await one.Call("logging/setLevel", """{"level":"warning"}""").End.Within();
        Assert.Equal("warning", await LevelAsync(server));
        await other.Call("logging/setLevel", """{"level":"debug"}""").End.Within();
        Assert.Equal("debug", await LevelAsync(server));
        await other.Call("logging/setLevel", """{"level":"emergency"}""").End.Within();
        Assert.Equal("warning", await LevelAsync(server));
    }

    [Fact]
    public async Task SetLevel_BeforeTheServerIsOpen_IsSetWhenItOpens()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync();
        await session.Call("logging/setLevel", """{"level":"notice"}""").End.Within();

        await session.Call("tools/list").End.Within();

        Assert.Equal("notice", await LevelAsync(server));
    }

    [Fact]
    public async Task Message_DuringACall_ReachesItsCallerFromTheLevelOn()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        await session.Call("logging/setLevel", """{"level":"warning"}""").End.Within();
        server.On = async (message, wire) =>
        {
            if (message.GetProperty("method").ValueEquals("tools/call"))
            {
                foreach (var level in new[] { "info", "warning", "made-up", "debug", "emergency" })
                {
                    await wire.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"{{{level}}}","data":1}}""");
                }
            }

            return false;
        };

        var call = session.Call("tools/call", """{"name":"x_a"}""");
        await call.End.Within();

        Assert.Equal(["warning", "made-up", "emergency"], call.Related.Concat(session.Waiting()).Select(Level));
    }

    private static async Task<string> LevelAsync(TinyServer server) =>
        (await server.ReceivedAsync("logging/setLevel")).GetProperty("params").GetProperty("level").GetString()!;

    private static string Level(string message)
    {
        using var document = JsonDocument.Parse(message);
        return document.RootElement.GetProperty("params").GetProperty("level").GetString()!;
    }
}
