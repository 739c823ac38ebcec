using System.Text.Json;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Bridging;

/// <summary>What a client has been asked and has answered is not lost with a request that did not run.</summary>
public sealed class LaterRoundsTests
{
    private const string Forms = """{"elicitation":{}}""";
    private const string Urls = """{"elicitation":{"url":{}}}""";

    [Fact]
    public async Task LegacyClient_TheServerIsAwayWhenItsAnswersAreToBeSent_TheyAreSentWhenItIsBack()
    {
        var calls = 0;
        await using var http = new TinyHttp(async (request, reply) =>
        {
            switch (request.Method)
            {
                case "server/discover":
                    await reply.AnswerAsync(request, """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}""");
                    break;
                case "tools/list":
                    await reply.AnswerAsync(request, $$"""{"resultType":"complete","tools":[{{TinyServer.Tool("a")}}]}""");
                    break;
                case "tools/call":
                    await reply.AnswerAsync(request, ++calls == 1
                        ? """{"resultType":"input_required","requestState":"s","inputRequests":{"k":{"method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}}}}}}"""
                        : """{"resultType":"complete","content":[{"type":"text","text":"done"}]}""");
                    break;
                case "subscriptions/listen":
                    await reply.StartEventsAsync();
                    await Task.Delay(Timeout.Infinite);
                    break;
                case "initialize":
                    await reply.SendAsync(400, $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32022,"message":"v","data":{"supported":["2026-07-28"],"requested":"2025-11-25"} } }""");
                    break;
                default:
                    await reply.SendAsync(404);
                    break;
            }
        });
        await using var house = House.Behind(http);
        var session = await house.OpenAsync(Forms);
        var call = session.Call("tools/call", """{"name":"x_a","arguments":{}}""");
        var question = JsonElement.Parse(await call.NewsAsync());

        http.Refuse();
        http.Break();
        session.Answer($$$"""{"jsonrpc":"2.0","id":{{{question.GetProperty("id").GetRawText()}}},"result":{"action":"accept","content":{} } }""");
        await Task.Delay(300);
        http.Return();

        Assert.Contains("done", await call.End.Within(), StringComparison.Ordinal);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task LegacyClient_ItsAnswersAreRefusedAConnection_AreSentAgainWithinTheBudgetAlone()
    {
        const string Last = "Connection: close";
        await using var http = new TinyHttp((request, reply) => request.Method switch
        {
            "server/discover" => reply.AnswerAsync(request, """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}""", Last),
            "tools/list" => reply.AnswerAsync(request, $$"""{"resultType":"complete","tools":[{{TinyServer.Tool("a")}}]}""", Last),
            "tools/call" => reply.AnswerAsync(
                request,
                """{"resultType":"input_required","requestState":"s","inputRequests":{"k":{"method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}}}}}}""",
                Last),
            _ => reply.SendAsync(400, $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32022,"message":"v","data":{"supported":["2026-07-28"],"requested":"2025-11-25"} } }""", header: Last),
        });
        await using var house = House.Behind(http, new ManualTime());
        var session = await house.OpenAsync(Forms);
        var call = session.Call("tools/call", """{"name":"x_a","arguments":{}}""");
        var question = JsonElement.Parse(await call.NewsAsync());
        while (house.Pool("x").Health.Budget.TryTake())
        {
            // Until nothing is left of it.
        }

        http.Refuse();
        session.Answer($$$"""{"jsonrpc":"2.0","id":{{{question.GetProperty("id").GetRawText()}}},"result":{"action":"accept","content":{} } }""");

        Assert.Contains("\"retryable\":true", await call.End.Within(), StringComparison.Ordinal);
        Assert.Equal(1, http.Count("POST", "tools/call"));
    }

    [Fact]
    public async Task ModernClient_LeavesAVisitUnanswered_IsAskedAgainAndThenTheCallGoesOn()
    {
        var visited = false;
        await using var house = House.Of(("x", Visiting(() => visited)));
        var state = await StateAsync(Call(house, ""));

        var again = await StateAsync(Call(house, $",\"requestState\":{state}"));
        visited = true;

        Assert.Contains("there", await Call(house, $",\"requestState\":{again},\"inputResponses\":{{\"r1\":{{\"action\":\"accept\"}}}}").End.Within(), StringComparison.Ordinal);
        Assert.Contains("-32602", await Call(house, $",\"requestState\":{again},\"inputResponses\":{{\"r1\":{{\"action\":\"accept\"}}}}").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModernClient_TheServerIsLostAfterTheVisit_TheCallIsMadeAgainAlthoughItsStateIsUsed()
    {
        var visits = 0;
        var server = Visiting(() => visits > 0).OfferRaw("tools/list", """{"tools":[{"name":"a","inputSchema":{"type":"object"},"annotations":{"idempotentHint":true}}]}""");
        var model = new RouterModel { Servers = [House.Server("x") with { Resend = Resending.Idempotent }] };
        await using var house = new House(model, new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = server });
        var state = await StateAsync(Call(house, ""));
        var answers = server.On!;
        server.On = (message, wire) => message.GetProperty("method").ValueEquals("tools/call") && ++visits == 1 ? CloseAsync(wire) : answers(message, wire);

        var answer = await Call(house, $",\"requestState\":{state},\"inputResponses\":{{\"r1\":{{\"action\":\"accept\"}}}}").End.Within();

        Assert.Contains("there", answer, StringComparison.Ordinal);
        Assert.Equal(2, visits);
    }

    private static async Task<bool> CloseAsync(TinyWire wire)
    {
        await wire.CloseAsync();
        return true;
    }

    private static TestExchange Call(House house, string more) =>
        house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}" + more, capabilities: Urls, door: "http");

    private static async Task<string> StateAsync(TestExchange exchange)
    {
        var answer = JsonElement.Parse(await exchange.End.Within());
        Assert.True(answer.TryGetProperty("result", out var result) && result.TryGetProperty("requestState", out _), answer.GetRawText());
        return result.GetProperty("requestState").GetRawText();
    }

    private static TinyServer Visiting(Func<bool> visited)
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        server.On = async (message, wire) =>
        {
            if (!message.GetProperty("method").ValueEquals("tools/call"))
            {
                return false;
            }

            if (visited())
            {
                await wire.AnswerAsync(message, """{"content":[{"type":"text","text":"there"}]}""");
                return true;
            }

            await wire.SendAsync($$$"""{"jsonrpc":"2.0","id":{{{message.GetProperty("id").GetRawText()}}},"error":{"code":-32042,"message":"visit","data":{"elicitations":[{"mode":"url","elicitationId":"e","url":"https://x.test","message":"go"}]} } }""");
            return true;
        };
        return server;
    }
}
