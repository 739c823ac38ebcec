using Mimir.Router.Engine;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Engine;

/// <summary>Another configuration while clients are there.</summary>
public sealed class ReloadTests : IAsyncDisposable
{
    private const string ToolsChanged = """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";
    private readonly TinyServer _x = new TinyServer { SpeaksModern = false }.Offer("a");
    private readonly TinyServer _y = new TinyServer { SpeaksModern = false }.Offer("b");
    private readonly House _house;

    public ReloadTests() => _house = new House(
        Of(House.Server("x")), new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = _x, ["y"] = _y });

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Apply_NothingChanged_TouchesNothing()
    {
        var session = await _house.OpenAsync();
        await CallAsync(session, "x_a");
        var pool = _house.Pool("x");

        var outcome = _house.Engine.Apply(Of(House.Server("x")));

        Assert.True(outcome.IsNothing);
        Assert.Same(pool, _house.Pool("x"));
        await CallAsync(session, "x_a");
        Assert.Equal(1, _x.Connections);
        Assert.Empty(session.Waiting());
    }

    [Fact]
    public async Task Apply_ServerAdded_ClientsAreToldAndCallItWhileTheOthersStay()
    {
        var session = await _house.OpenAsync();
        Assert.Equal(["x_a"], await ToolsAsync(session));

        var outcome = _house.Engine.Apply(Of(House.Server("x"), House.Server("y")));

        Assert.Equal(["y"], outcome.Added);
        Assert.Empty(outcome.Changed.Concat(outcome.Removed));
        Assert.Equal(ToolsChanged, await session.NewsAsync());
        Assert.Equal(["x_a", "y_b"], await ToolsAsync(session));
        await CallAsync(session, "y_b");
        Assert.Equal(1, _x.Connections);
        Assert.NotNull(_house.Engine.FindView("y"));
    }

    [Fact]
    public async Task Apply_ServerRemoved_ClientsAreToldAndItsOpenCallComesToItsEnd()
    {
        _house.Engine.Apply(Of(House.Server("x"), House.Server("y")));
        var session = await _house.OpenAsync();
        Assert.Equal(["x_a", "y_b"], await ToolsAsync(session));
        var go = new TaskCompletionSource();
        _y.Holds["tools/call"] = go.Task;
        var open = session.Call("tools/call", """{"name":"y_b"}""");
        await _y.ReceivedAsync("tools/call");
        session.Waiting();

        var outcome = _house.Engine.Apply(Of(House.Server("x")));

        Assert.Equal(["y"], outcome.Removed);
        Assert.Equal(ToolsChanged, await session.NewsAsync());
        Assert.Equal(["x_a"], await ToolsAsync(session));
        Assert.Null(_house.Engine.FindView("y"));
        Assert.Contains("Unknown tool: y_b", await session.Call("tools/call", """{"name":"y_b"}""").End.Within(), StringComparison.Ordinal);
        Assert.False(open.IsEnded);
        go.SetResult();
        Assert.Contains("\"result\"", await open.End.Within(), StringComparison.Ordinal);
        await Patience.UntilAsync(() => !_house.Engine.Leaving.Any());
    }

    [Fact]
    public async Task Apply_ServerChanged_OpenCallEndsOnTheFormerAndTheNextGoesToTheNew()
    {
        var session = await _house.OpenAsync();
        Assert.Equal(["x_a"], await ToolsAsync(session));
        var go = new TaskCompletionSource();
        _x.Holds["tools/call"] = go.Task;
        var open = session.Call("tools/call", """{"name":"x_a"}""");
        await _x.ReceivedAsync("tools/call");
        var former = _x.Wire;
        _x.Holds.Clear();

        var outcome = _house.Engine.Apply(Of(House.Server("x") with { StartupTimeout = TimeSpan.FromSeconds(29) }));

        Assert.Equal(["x"], outcome.Changed);
        await CallAsync(session, "x_a");
        Assert.NotSame(former, _x.Wire);
        Assert.False(open.IsEnded);
        Assert.Single(_house.Engine.Leaving);
        go.SetResult();
        Assert.Contains("\"result\"", await open.End.Within(), StringComparison.Ordinal);
        await Patience.UntilAsync(() => !_house.Engine.Leaving.Any());
        Assert.Equal(["x_a"], await ToolsAsync(session));
        Assert.DoesNotContain(ToolsChanged, session.Waiting());
    }

    [Fact]
    public async Task Apply_ServerChangedAndListsOtherwise_IsListedAllAlongAndToldOnce()
    {
        var session = await _house.OpenAsync();
        Assert.Equal(["x_a"], await ToolsAsync(session));
        var list = new TaskCompletionSource();
        _x.Holds["tools/list"] = list.Task;
        _x.Offer("a", "c");

        _house.Engine.Apply(Of(House.Server("x") with { StartupTimeout = TimeSpan.FromSeconds(29) }));
        Assert.Equal(["x_a"], session.Catalog!.Refresh()[Router.Catalog.ListKind.Tools].Routes.Select(r => r.Shown));
        list.SetResult();

        Assert.Equal(ToolsChanged, await session.NewsAsync());
        Assert.Equal(["x_a", "x_c"], await ToolsAsync(session));
        Assert.Empty(session.Waiting());
    }

    [Fact]
    public async Task Apply_OtherNaming_ClientsAreToldAndNobodyIsRunAnew()
    {
        var session = await _house.OpenAsync();
        Assert.Equal(["x_a"], await ToolsAsync(session));

        var outcome = _house.Engine.Apply(Of(House.Server("x")) with { Naming = new NamingModel { Separator = "__" } });

        Assert.True(outcome.IsNothing);
        Assert.Equal(ToolsChanged, await session.NewsAsync());
        Assert.Equal(["x__a"], await ToolsAsync(session));
        await CallAsync(session, "x__a");
        Assert.Equal(1, _x.Connections);
    }

    [Fact]
    public async Task Apply_ServerThatEachSessionHasForItself_IsSharedByNobody()
    {
        var (one, other) = (await _house.OpenAsync(), await _house.OpenAsync());
        await ToolsAsync(one);
        await ToolsAsync(other);

        _house.Engine.Apply(Of(House.Server("x"), House.Server("y") with { Sharing = Sharing.Session }));
        await CallAsync(one, "y_b");
        await CallAsync(other, "y_b");

        Assert.Equal(2, _y.Connections);
        Assert.Equal(1, _x.Connections);
        Assert.Equal(ToolsChanged, await one.NewsAsync());
    }

    [Fact]
    public async Task Apply_ServerJoinsACluster_TheOtherKeepsItsConnectionAndIsWatchedFromNowOn()
    {
        _house.Engine.Apply(Of(House.Server("x") with { Cluster = "c", Prefix = "c" }));
        var session = await _house.OpenAsync();
        await CallAsync(session, "c_a");
        var pool = _house.Pool("x");
        Assert.Null(pool.Health.Breaker);
        _y.Offer("a");

        _house.Engine.Apply(Of(House.Server("x") with { Cluster = "c", Prefix = "c" }, House.Server("y") with { Cluster = "c", Prefix = "c" }));

        Assert.Same(pool, _house.Pool("x"));
        Assert.NotNull(pool.Health.Breaker);
        Assert.True(pool.Health.HasOthers);
        await Patience.UntilAsync(() => _y.Connections == 1 && session.Catalog!.Refresh()[Router.Catalog.ListKind.Tools].Routes is [{ Choice: not null }]);
        Assert.Equal(["c_a"], await ToolsAsync(session));
        Assert.Equal(1, _x.Connections);
    }

    [Fact]
    public async Task Apply_ViewOfAServerThatIsGone_ItsSessionsEnd()
    {
        var session = await _house.OpenAsync(view: "x");
        await ToolsAsync(session);

        _house.Engine.Apply(Of(House.Server("y")));

        Assert.True(session.IsEnded);
        Assert.Null(_house.Engine.FindView("x"));
    }

    [Fact]
    public async Task Apply_ServerChangedWhileItIsAway_CallThatWaitsForItGoesToTheNew()
    {
        var start = new TaskCompletionSource();
        _x.Holds["initialize"] = start.Task;
        var session = await _house.OpenAsync();
        var call = session.Call("tools/call", """{"name":"x_a"}""");
        await _x.ReceivedAsync("initialize");
        _x.Holds.Clear();

        _house.Engine.Apply(Of(House.Server("x") with { StartupTimeout = TimeSpan.FromSeconds(29) }));

        Assert.Contains("\"result\"", await call.End.Within(), StringComparison.Ordinal);
        start.SetResult();
    }

    [Fact]
    public async Task Apply_OverAndOverUnderLoad_NoCallIsLostAndOnlyTheChangedIsRunAnew()
    {
        const int Reloads = 100;
        _house.Engine.Apply(Of(House.Server("x"), House.Server("y")));
        var sessions = new[] { await _house.OpenAsync(), await _house.OpenAsync("""{"roots":{}}""") };
        foreach (var session in sessions) Assert.Equal(["x_a", "y_b"], await ToolsAsync(session));
        var connections = _y.Connections;
        using var over = new CancellationTokenSource();
        var callers = sessions.SelectMany(s => new[] { "x_a", "y_b" }.Select(tool => Task.Run(() => CallAllAsync(s, tool, over.Token)))).ToList();
        callers.AddRange(new[] { "x_a", "y_b" }.Select(tool => Task.Run(() => CallAllAsync(tool, over.Token))));

        for (var i = 0; i < Reloads; i++)
        {
            _house.Engine.Apply(Of(House.Server("x") with { StartupTimeout = TimeSpan.FromSeconds(30 + (i % 2)) }, House.Server("y")));
            await Task.Delay(5);
        }

        await over.CancelAsync();
        var calls = (await Task.WhenAll(callers).Within()).Sum();
        Assert.True(calls > Reloads, $"{calls} calls");
        // Modern clients have theirs, and a first one finds out which era it speaks.
        Assert.InRange(_y.Connections, connections, connections + 2);
        Assert.InRange(_x.Connections, Reloads / 4, 4 * Reloads);
        await Patience.UntilAsync(() => !_house.Engine.Leaving.Any());
    }

    private static RouterModel Of(params ServerModel[] servers) => new() { Servers = [.. servers] };

    private static async Task CallAsync(TestSession session, string tool) =>
        Assert.Contains("\"result\"", await session.Call("tools/call", $$"""{"name":"{{tool}}"}""").End.Within(), StringComparison.Ordinal);

    private static async Task<int> CallAllAsync(TestSession session, string tool, CancellationToken over)
    {
        var calls = 0;
        for (; !over.IsCancellationRequested; calls++)
        {
            var id = Guid.NewGuid().ToString();
            Succeeded(await session.Call("tools/call", $$"""{"name":"{{tool}}"}""", $"\"{id}\"").End.Within());
        }

        return calls;
    }

    private static void Succeeded(string answer) => Assert.True(answer.Contains("\"result\"", StringComparison.Ordinal), answer);

    private async Task<int> CallAllAsync(string tool, CancellationToken over)
    {
        var calls = 0;
        for (; !over.IsCancellationRequested; calls++)
        {
            Succeeded(await _house.Modern("tools/call", $"\"name\":\"{tool}\"").End.Within());
        }

        return calls;
    }

    private static async Task<string[]> ToolsAsync(TestSession session)
    {
        using var answer = System.Text.Json.JsonDocument.Parse(await session.Call("tools/list").End.Within());
        return [.. answer.RootElement.GetProperty("result").GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];
    }
}
