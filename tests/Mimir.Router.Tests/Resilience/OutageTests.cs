using System.Collections.Immutable;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.State;
using Mimir.Router.State.Health;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;

namespace Mimir.Router.Tests.Resilience;

/// <summary>What a server that is away counts for at its breaker: once, and once more for every call that ends for it.</summary>
public sealed class OutageTests
{
    private const string Call = "\"name\":\"a\"";
    private readonly ManualTime _time = new();
    private readonly TinyServer _server = TinyServer.With("a");

    [Fact]
    public async Task Away_OneCallWaitsForIt_TheBreakerStaysClosed()
    {
        var connector = Connector();
        await using var house = HouseOf(connector, 5);
        Assert.Contains("heard", await house.Modern("tools/call", Call, "x").End.Within(_time), StringComparison.Ordinal);
        var before = connector.Starts;
        await GoAwayAsync(house, connector);

        var call = house.Modern("tools/call", Call, "x").End;
        await GoesOnUntilAsync(() => connector.Starts - before > 5 || call.IsCompleted);
        Assert.False(call.IsCompleted, call.IsCompleted ? await call : "");
        Assert.Equal(1, house.Pool("x").Health.Failures);
        connector.Failure = null;

        Assert.Contains("heard", await call.Within(_time), StringComparison.Ordinal);
        Assert.Equal(BreakerState.Closed, house.Pool("x").Health.Breaker!.State);
        Assert.Equal(0, house.Pool("x").Health.Failures);
    }

    [Fact]
    public async Task Away_AgainAndAgain_EachTimeCounts()
    {
        var connector = Connector();
        await using var house = HouseOf(connector, 3);
        for (var i = 1; i <= 3; i++)
        {
            await OpenAsync(house);
            Assert.Equal(i - 1, house.Pool("x").Health.Failures);
            await _server.Wire.CloseAsync();
            await Patience.UntilAsync(() => house.Pool("x").Slots.All(static s => s.Live is null));
        }

        Assert.Equal(BreakerState.Open, house.Pool("x").Health.Breaker!.State);
    }

    [Fact]
    public async Task Away_SeveralConnections_CountOnce()
    {
        var connector = Connector();
        await using var house = HouseOf(connector, 5);
        await OpenAsync(house);
        var pool = house.Pool("x");
        await pool.Legacy(ClientProfile.Plain, null).OpenAsync().Within(_time);
        Assert.Equal(2, pool.Slots.Count(static s => s.Live is not null));

        foreach (var slot in pool.Slots)
        {
            slot.Live!.Close("its machine was restarted");
        }

        Assert.Equal(1, pool.Health.Failures);
    }

    [Fact]
    public async Task NeverThere_AsManyCallsEndForItAsTheThreshold_OpensTheBreaker()
    {
        var connector = Connector();
        connector.Failure = new ConnectFailure("nobody answers");
        await using var house = HouseOf(connector, 4);
        var health = house.Pool("x").Health;

        // The attempt itself is the first.
        for (var failures = 2; failures <= 4; failures++)
        {
            Assert.Equal(BreakerState.Closed, health.Breaker!.State);
            Assert.Contains("nobody answers", await house.Modern("tools/call", Call, "x").End.Within(_time), StringComparison.Ordinal);
            Assert.Equal(failures, health.Failures);
        }

        Assert.Equal(BreakerState.Open, health.Breaker!.State);
    }

    [Fact]
    public async Task HeldBack_ByTheOperator_IsNoFailure()
    {
        await using var house = HouseOf(Connector(), 1);
        await new RouterCommands(house.Engine).StopAsync("x").Within(_time);

        Assert.Contains("was stopped", await house.Modern("tools/call", Call, "x").End.Within(_time), StringComparison.Ordinal);

        Assert.Equal(0, house.Pool("x").Health.Failures);
    }

    private static async Task GoAwayAsync(House house, ChildHouse.ChildConnector connector)
    {
        connector.Failure = new ConnectFailure("nobody answers");
        house.Pool("x").Slots.Single(static s => s.Live is not null).Live!.Close("it ended");
        await Patience.UntilAsync(() => house.Pool("x").Slots.All(static s => s.Live is null));
    }

    private ChildHouse.ChildConnector Connector() => new(new Dictionary<string, InProcessServer> { ["x"] = _server.RunAsync });

    private House HouseOf(ChildHouse.ChildConnector connector, int threshold)
    {
        var model = House.Server("x") with
        {
            Transport = new HttpModel(new Uri("http://localhost:1/mcp"), ImmutableSortedDictionary<string, string>.Empty, false),
            Breaker = new BreakerModel { FailureThreshold = threshold, Timeout = TimeSpan.FromHours(1) },
            Health = new HealthModel { IsEnabled = false },
        };
        return new House(new RouterEngine(new RouterModel { Servers = [model] }, _ => connector, _time));
    }

    private async Task OpenAsync(House house)
    {
        var opening = house.Pool("x").Modern().OpenAsync();
        await GoesOnUntilAsync(() => opening.IsCompleted);
        await opening;
    }

    private Task GoesOnUntilAsync(Func<bool> condition) => Patience.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(10));
        return condition();
    });
}
