using System.Collections.Concurrent;
using System.Text.Json;

namespace Mimir.Router.Tests.Bridging;

public sealed class OwnQuestionsTests
{
    [Fact]
    public async Task Roots_AskedRightAfterTheHandshake_AreNotThoseOfTheFirstCall()
    {
        var answers = new ConcurrentQueue<JsonElement>();
        var server = new TinyServer { SpeaksModern = false, OnAnswer = answers.Enqueue }.Offer("a");
        server.On = async (message, wire) =>
        {
            if (message.GetProperty("method").ValueEquals("notifications/initialized"))
            {
                await Task.Delay(100);
                await wire.SendAsync("""{"jsonrpc":"2.0","id":"own","method":"roots/list"}""");
                return true;
            }

            if (message.GetProperty("method").ValueEquals("tools/call"))
            {
                await Task.Delay(100);
                await wire.AnswerAsync(message, """{"content":[]}""");
                return true;
            }

            return false;
        };
        await using var house = House.Of(("x", server));

        var answer = await house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}", capabilities: """{"roots":{}}""", door: "http").End.Within();

        Assert.Contains("\"complete\"", answer, StringComparison.Ordinal);
        Assert.Contains("No call is open", answers.Single().GetRawText(), StringComparison.Ordinal);
    }
}
