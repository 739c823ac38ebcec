using System.Collections.Immutable;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;

namespace Mimir.Router.Tests.Resilience;

/// <summary>In which order servers come up, or whether they do at all, decides nothing.</summary>
public sealed class AbsentServerTests : IAsyncDisposable
{
    private static readonly RouteRule ToY = new("*", RouteStrategy.Fallback, ["y"]);
    private readonly ManualTime _time = new();
    private House? _house;

    [Fact]
    public async Task Fallback_ThePrimaryIsDownFromTheStart_TheChainTakesItsCalls()
    {
        var house = Of(Absent(), ("x", TinyServer.With("a"), [ToY]), ("y", TinyServer.With("a"), []));
        await WaitAsync(house.ModernListsAsync());

        Assert.Contains("\"heard\":\"a\"", await CallAsync("x_a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_NobodyListedYet_TheFirstCallIsTakenAllTheSame()
    {
        Of(Absent(), ("x", TinyServer.With("a"), [ToY]), ("y", TinyServer.With("a"), []));

        Assert.Contains("\"heard\":\"a\"", await CallAsync("x_a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_TheStandInListsLate_TheCallWaitsForItAndIsNotRefused()
    {
        var (late, done) = (TinyServer.With("a"), new TaskCompletionSource());
        late.Holds["tools/list"] = done.Task;
        Of(Absent(), ("x", TinyServer.With("a"), [ToY]), ("y", late, []));
        var call = CallAsync("x_a");
        // Beyond the grace for lists, so that the call is on its own.
        await WaitAsync(late.ReceivedAsync("tools/list"));
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        done.SetResult();
        Assert.Contains("\"heard\":\"a\"", await call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_AChainOfWhichOnlyTheLastIsThere_IsFollowedToIt()
    {
        Of(
            new Absence("x", "y"),
            ("x", TinyServer.With("a"), [ToY]),
            ("y", TinyServer.With("a"), [new RouteRule("*", RouteStrategy.Fallback, ["z"])]),
            ("z", TinyServer.With("a"), []));

        Assert.Contains("\"heard\":\"a\"", await CallAsync("x_a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_OfAPrompt_TheChainTakesIt()
    {
        var y = new TinyServer().OfferRaw("prompts/list", """{"prompts":[{"name":"p"}]}""");
        Of(Absent(), ("x", new TinyServer(), [ToY]), ("y", y, []));

        Assert.Contains("\"name\":\"p\"", await EndAsync(_house!.Modern("prompts/get", "\"name\":\"x_p\"").End), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_OnlyWhatTheRuleLeadsThere_IsTaken()
    {
        Of(
            Absent(),
            ("x", TinyServer.With("a"), [new RouteRule("a*", RouteStrategy.Fallback, ["y"]), new RouteRule("*", RouteStrategy.Capability, [])]),
            ("y", TinyServer.With("a", "b"), []));

        Assert.Contains("nobody answers at x", await CallAsync("x_b"), StringComparison.Ordinal);
        Assert.Contains("nobody answers at x", await CallAsync("x_none"), StringComparison.Ordinal);
        Assert.Contains("\"heard\":\"a\"", await CallAsync("x_a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_ThePrimaryIsDownFromTheStart_ShowWhatItsFallbacksTakeUntilItListsByItself()
    {
        var absence = Absent();
        var house = Of(absence, ("x", TinyServer.With("a", "own"), [ToY]), ("y", TinyServer.With("a", "b"), []));
        await WaitAsync(house.ModernListsAsync());
        Assert.Equal(["x_a", "x_b", "y_a", "y_b"], Shown());
        var explained = new RouterState(house.Engine).Explain("x_a");
        Assert.Equal([("x", "fallback", false), ("y", "fallback", true)], explained.Candidates.Select(c => (c.Server, c.Strategy, c.IsTaken)));
        Assert.NotEmpty(explained.Candidates[0].Objection);

        absence.End();
        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            _ = house.ModernListsAsync();
            // What was shown for it goes when its own is there, and not before.
            var shown = Shown();
            Assert.Contains("x_a", shown);
            return shown.Contains("x_own");
        });
        Assert.Equal(["x_a", "x_own", "y_a", "y_b"], Shown());
    }

    [Fact]
    public async Task Lists_TheServerIsOnlySlow_NothingStandsInForIt()
    {
        var slow = TinyServer.With("a");
        slow.Holds["server/discover"] = new TaskCompletionSource().Task;
        var house = Of(new Absence(), ("x", slow, [ToY]), ("y", TinyServer.With("a"), []));
        await WaitAsync(house.Engine.ModernCatalog(house.Engine.All).GetAsync(ListKind.Tools).AsTask());

        Assert.Equal(["y_a"], Shown());
    }

    [Fact]
    public async Task Lists_OfResources_AreNobodysButTheirServers()
    {
        var y = new TinyServer().OfferRaw("resources/list", """{"resources":[{"uri":"a://b","name":"n"}]}""");
        var house = Of(Absent(), ("x", new TinyServer(), [ToY]), ("y", y, []));
        await WaitAsync(house.ModernListsAsync());

        Assert.Equal(["a://b"], house.Engine.ModernCatalog(house.Engine.All).Refresh()[ListKind.Resources].Routes.Select(r => r.Shown));
    }

    [Fact]
    public async Task Cluster_AMemberIsDownFromTheStart_TheCallWaitsForTheListOfAnother()
    {
        var (late, done) = (TinyServer.With("a"), new TaskCompletionSource());
        late.Holds["tools/list"] = done.Task;
        Of(Absent(), [ClusterHouse.Member("x"), ClusterHouse.Member("y")], new() { ["x"] = TinyServer.With("a"), ["y"] = late });
        var call = CallAsync("c_a");
        await WaitAsync(late.ReceivedAsync("tools/list"));
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        done.SetResult();
        Assert.Contains("\"heard\":\"a\"", await call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_AMemberIsDownFromTheStart_TheOtherTakesAnUnlistedName()
    {
        static ServerModel Taker(string name, int priority) => ClusterHouse.Member(name, priority) with { Routes = [new RouteRule("*", RouteStrategy.Path, [])] };
        Of(Absent(), [Taker("x", 1), Taker("y", 2)], new() { ["x"] = TinyServer.With("a"), ["y"] = TinyServer.With("a") });

        Assert.Contains("\"heard\":\"unlisted\"", await CallAsync("c_unlisted"), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_house is not null)
        {
            await _house.DisposeAsync();
        }
    }

    private static Absence Absent() => new("x");

    private House Of(Absence absence, params (string Name, TinyServer Server, ImmutableArray<RouteRule> Routes)[] servers) =>
        Of(absence, [.. servers.Select(s => House.Server(s.Name) with { Routes = s.Routes })], servers.ToDictionary(s => s.Name, s => s.Server, StringComparer.Ordinal));

    private House Of(Absence absence, ImmutableArray<ServerModel> models, Dictionary<string, TinyServer> servers)
    {
        absence.Inner = new ChildHouse.ChildConnector(servers.ToDictionary(s => s.Key, s => (InProcessServer)s.Value.RunAsync, StringComparer.Ordinal));
        var transport = new HttpModel(new Uri("http://localhost:1/mcp"), ImmutableSortedDictionary<string, string>.Empty, false);
        return _house = new House(new RouterEngine(new RouterModel { Servers = [.. models.Select(m => m with { Transport = transport })] }, _ => absence, _time));
    }

    private List<string> Shown() => [.. _house!.Engine.ModernCatalog(_house.Engine.All).Refresh()[ListKind.Tools].Routes.Select(r => r.Shown)];

    private Task<string> CallAsync(string name) => EndAsync(_house!.Modern("tools/call", $"\"name\":\"{name}\",\"arguments\":{{}}").End);

    private async Task<string> EndAsync(Task<string> end)
    {
        await WaitAsync(end);
        return await end;
    }

    private Task WaitAsync(Task task) => Patience.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(50));
        return task.IsCompleted;
    });

    /// <summary>Reaches no server of the given names until it ends.</summary>
    private sealed class Absence(params string[] names) : IConnector
    {
        private volatile bool _isOver;

        public ChildHouse.ChildConnector? Inner { get; set; }

        public void End() => _isOver = true;

        public Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken) =>
            !_isOver && names.Contains(order.Server.Name, StringComparer.Ordinal)
                ? Task.FromException<UpstreamConnection>(new ConnectFailure($"nobody answers at {order.Server.Name}"))
                : Inner!.ConnectAsync(order, cancellationToken);
    }
}
