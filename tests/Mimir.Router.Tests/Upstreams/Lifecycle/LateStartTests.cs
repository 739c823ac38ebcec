using System.Collections.Immutable;
using Mimir.Protocol.Revisions;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Upstreams.InProcess;

namespace Mimir.Router.Tests.Upstreams.Lifecycle;

/// <summary>A server that does not finish its handshake in time has a process until that is gone, which its callers do not wait for.</summary>
public sealed class LateStartTests
{
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _end = new();
    private readonly TinyServer _other = TinyServer.With("a");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Budget_ServerThatIsBeingEnded_CountsUntilItIsGone(bool pinned)
    {
        await using var house = Of(pinned);
        var late = Call(house, "x");
        if (pinned)
        {
            Assert.Contains("did not finish its handshake within 1 s", await late.Within(_time), StringComparison.Ordinal);
        }
        else
        {
            // It may speak the other era, and is started again once there is room for that.
            await UntilAsync(() => !house.Pool("x").Modern().IsOpening && house.Pool("x").Modern().CurrentFailure is not null);
        }

        Assert.Contains("1 server processes run already (limits.maxProcesses)", await Call(house, "y").Within(_time), StringComparison.Ordinal);
        _end.SetResult();

        if (!pinned)
        {
            Assert.Contains("did not finish its handshake within 1 s", await late.Within(_time), StringComparison.Ordinal);
        }

        var heard = "";
        for (var i = 0; i < 1000 && !heard.Contains("\"heard\":\"a\"", StringComparison.Ordinal); i++)
        {
            heard = await Call(house, "y").Within(_time);
        }

        Assert.Contains("\"heard\":\"a\"", heard, StringComparison.Ordinal);
    }

    private static Task<string> Call(House house, string server) => house.Modern("tools/call", "\"name\":\"a\"", server).End;

    private async Task UntilAsync(Func<bool> condition) => await Patience.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(10));
        return condition();
    });

    /// <summary>Two servers and room for one process: the first is silent, and heeds nothing that asks it to end.</summary>
    private House Of(bool pinned)
    {
        InProcessServer silent = async (_, _, _) => await _end.Task;
        var connector = new ChildHouse.ChildConnector(new Dictionary<string, InProcessServer> { ["x"] = silent, ["y"] = _other.RunAsync });
        var child = new StdioModel("x", [], ImmutableSortedDictionary<string, string>.Empty, null);
        var x = House.Server("x") with { Transport = child, StartupTimeout = TimeSpan.FromSeconds(1), Pin = pinned ? Revision.V2026_07_28 : null };
        var y = House.Server("y") with { Transport = child };
        return new House(new RouterEngine(new RouterModel { Servers = [x, y], Limits = new LimitsModel { MaxProcesses = 1 } }, _ => connector, _time));
    }
}
