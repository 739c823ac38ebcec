using Mimir.Router.Model.Routing;

namespace Mimir.Router.Tests.Resilience;

/// <summary>A member of a cluster that asks something in the middle of a call.</summary>
public sealed class AskerTests
{
    [Fact]
    public async Task State_OfOneMember_LeadsBackThere()
    {
        await using var house = new ClusterHouse(ClusterHouse.Balanced(BalancerKind.RoundRobin), ClusterHouse.Member("x"), ClusterHouse.Member("y"), ClusterHouse.Member("z"));
        await house.ReadyAsync();
        foreach (var name in house.Tiny.Keys)
        {
            house.Does[name] = async (message, wire) =>
            {
                if (message.GetProperty("params").TryGetProperty("requestState", out _))
                {
                    return false;
                }

                await wire.AnswerAsync(message, $$$"""{"resultType":"input_required","inputRequests":{},"requestState":"st\u00e4te-{{{name}}}"}""");
                return true;
            };
        }

        for (var i = 0; i < 6; i++)
        {
            var asked = await house.House.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}").End.Within();
            var name = asked.Split("te-")[1][..1];
            var answer = await house.House.Modern("tools/call", $"\"name\":\"c_a\",\"arguments\":{{}},\"requestState\":\"stäte-{name}\",\"inputResponses\":{{}}").End.Within();
            Assert.Contains($"\"by\":\"{name}\"", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"a\":[1,\"\\ud800\"]}")]
    [InlineData("7")]
    [InlineData("null")]
    public async Task State_ThatCannotBeRead_ReachesTheClientAndGoesBackToNobody(string state)
    {
        await using var house = new ClusterHouse(static model => model, ClusterHouse.Member("x"), ClusterHouse.Member("y"));
        await house.ReadyAsync();
        house.Does["x"] = async (message, wire) =>
        {
            if (message.GetProperty("params").TryGetProperty("requestState", out _))
            {
                return false;
            }

            await wire.AnswerAsync(message, $$"""{"resultType":"input_required","inputRequests":{},"requestState":{{state}}}""");
            return true;
        };

        var asked = await house.House.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}").End.Within(house.Time);
        Assert.Contains(state, asked, StringComparison.Ordinal);
        var answer = await house.House.Modern("tools/call", $"\"name\":\"c_a\",\"arguments\":{{}},\"requestState\":{state},\"inputResponses\":{{}}").End.Within(house.Time);
        Assert.Contains("It is not known here any more which server gave params.requestState", answer, StringComparison.Ordinal);
        Assert.Equal(0, house.Begun.GetValueOrDefault("y"));
    }
}
