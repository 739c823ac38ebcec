using System.Globalization;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Upstreams.Web;

public sealed class StreamableHttpConnectionTests
{
    private const string Call = """{"name":"x_a"}""";

    [Fact]
    public async Task Call_ConnectionRefusedWhileOthersAreUnderWay_FailsAlone()
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
            await Task.WhenAny(refused.End, Task.Delay(200));
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

    [Fact]
    public async Task Call_NobodyAnswersAnyMore_ClosesTheConnectionAndTheNextFindsTheServerThatCameBack()
    {
        await using var server = new TinyLegacy();
        await using var house = House.Behind(server.Http);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        var slot = session.Catalog!.SlotOf(house.Pool("x"));
        var live = slot.Live!;

        server.Http.Refuse();
        server.Http.Break();
        Assert.Contains(ErrorCodes.ServerLost.ToString(CultureInfo.InvariantCulture), await session.Call("tools/call", Call).End.Within(), StringComparison.Ordinal);
        await live.Gone.Task.Within();

        server.Http.Return();
        Assert.Contains("\"result\"", await session.Call("tools/call", Call).End.Within(), StringComparison.Ordinal);
        Assert.NotSame(live, slot.Live);
    }
}
