using System.Text.Json;
using Mimir.Router.Catalog;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Engine;

public sealed class ListTests
{
    [Fact]
    public async Task List_OneServerHangs_TheReadyAreAnsweredAfterTheGraceAndNotBefore()
    {
        var time = new ManualTime();
        var hanging = TinyServer.With("late");
        var release = new TaskCompletionSource();
        hanging.Holds["tools/list"] = release.Task;
        await using var house = House.Of(
            new RouterModel { Limits = new LimitsModel { ListGrace = TimeSpan.FromSeconds(1) } }, time, ("x", TinyServer.With("a")), ("y", hanging));
        time.Advance(TimeSpan.FromHours(1));
        var session = await house.OpenAsync();
        var first = session.Call("tools/list");
        await hanging.ReceivedAsync("tools/list");
        await Patience.UntilAsync(() => session.Catalog!.Refresh()[ListKind.Tools].Routes.Length == 1);

        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(first.IsEnded);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["x_a"], Tools(await first.End.Within()));

        // The grace counts from when the server was first asked: later lists do not wait again.
        Assert.Equal(["x_a"], Tools(await session.Call("tools/list").End.Within()));

        release.SetResult();
        Assert.Contains("notifications/tools/list_changed", await session.NewsAsync(), StringComparison.Ordinal);
        Assert.Equal(["x_a", "y_late"], Tools(await session.Call("tools/list").End.Within()));
    }

    [Fact]
    public async Task List_AfterADiscoveryThatTookTheGrace_HasAGraceOfItsOwn()
    {
        var time = new ManualTime();
        var slow = TinyServer.With("late");
        var start = new TaskCompletionSource();
        slow.Holds["server/discover"] = start.Task;
        await using var house = House.Of(
            new RouterModel { Limits = new LimitsModel { ListGrace = TimeSpan.FromSeconds(1) } }, time, ("x", TinyServer.With("a")), ("y", slow));
        time.Advance(TimeSpan.FromHours(1));
        var discovery = house.Modern("server/discover");
        await slow.ReceivedAsync("server/discover");
        Assert.False(discovery.IsEnded);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("supportedVersions", await discovery.End.Within(), StringComparison.Ordinal);

        var list = house.Modern("tools/list");
        time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(list.IsEnded);
        start.SetResult();

        Assert.Equal(["x_a", "y_late"], Tools(await list.End.Within()));
    }

    [Fact]
    public async Task Discover_AServersListsHang_WaitsForWhatItSaysOfItselfAlone()
    {
        var server = TinyServer.With("a");
        server.Holds["tools/list"] = new TaskCompletionSource().Task;
        await using var house = House.Of(new RouterModel { Limits = new LimitsModel { ListGrace = TimeSpan.FromHours(1) } }, null, ("x", server));

        Assert.Contains("supportedVersions", await house.Modern("server/discover").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_AllKnown_AnswersOnTheCallersThreadWithoutAsking()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        await session.Call("resources/list").End.Within();
        server.Holds["tools/list"] = new TaskCompletionSource().Task;

        Assert.All(
            new[] { "tools/list", "prompts/list", "resources/list", "resources/templates/list" },
            method => Assert.True(session.Call(method).IsEnded));
    }

    [Fact]
    public async Task List_FirstOfAll_IsTheAnswerAndNoNewsBesides()
    {
        await using var house = House.Of(("x", TinyServer.With("a")), ("y", TinyServer.With("b")));
        var session = await house.OpenAsync();

        Assert.Equal(["x_a", "y_b"], Tools(await session.Call("tools/list").End.Within()));

        Assert.Empty(session.Waiting());
    }

    [Fact]
    public async Task ListChanged_SomebodyElseMergedFirst_IsStillTold()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();

        // A call that comes between the change and its announcement merges the lists before the announcer does.
        server.Offer("a", "new");
        var before = session.Catalog!.Current;
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        while (ReferenceEquals(session.Catalog!.Refresh()[ListKind.Tools], before[ListKind.Tools]))
        {
            await Task.Yield();
        }

        Assert.Contains("tools/list_changed", await session.NewsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_ClientsThatSeeMoreComeIn_StayThoseOfOneKind()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        await house.Engine.ProbeAsync("x").Within();
        Assert.Equal(1, house.Pool("x").State.Tools);

        server.Offer("a", "b");
        var session = await house.OpenAsync("""{"sampling":{}}""");
        Assert.Equal(2, Tools(await session.Call("tools/list").End.Within()).Length);

        Assert.Equal(1, house.Pool("x").State.Tools);
    }

    [Fact]
    public async Task List_NoServers_IsEmpty()
    {
        await using var house = House.Of();

        Assert.Empty(Tools(await house.Modern("tools/list").End.Within()));
        Assert.Contains("\"resources\":[]", await house.Modern("resources/list").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListChanged_ToolAdded_OnlySessionsThatSeeTheServerAreToldOnce()
    {
        var changing = TinyServer.With("a");
        await using var house = House.Of(("x", changing), ("y", TinyServer.With("b")));
        var all = await house.OpenAsync();
        var also = await house.OpenAsync();
        var alone = await house.OpenAsync(view: "x");
        var elsewhere = await house.OpenAsync(view: "y");
        foreach (var session in new[] { all, also, alone, elsewhere })
        {
            await session.Call("tools/list").End.Within();
        }

        changing.Offer("a", "new");
        await changing.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");

        foreach (var session in new[] { all, also, alone })
        {
            Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""", await session.NewsAsync());
            Assert.Contains(session == alone ? "new" : "x_new", Tools(await session.Call("tools/list").End.Within()));
            Assert.Empty(session.Waiting());
        }

        Assert.Empty(elsewhere.Waiting());
    }

    [Fact]
    public async Task ListChanged_NothingLooksDifferent_NobodyIsTold()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        var epoch = house.Engine.Store.Epoch;

        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        await Patience.UntilAsync(() => house.Engine.Store.Epoch > epoch);

        Assert.Empty(session.Waiting());
    }

    [Fact]
    public async Task List_CursorOfALongList_LeadsThroughAllOfIt()
    {
        await using var house = House.Of(
            new RouterModel { Limits = new LimitsModel { PageSize = 4 } }, null, ("x", TinyServer.With("a", "b", "c")), ("y", TinyServer.With("d", "e", "f")));
        var session = await house.OpenAsync();
        var first = await session.Call("tools/list").End.Within();
        using var document = JsonDocument.Parse(first);
        var cursor = document.RootElement.GetProperty("result").GetProperty("nextCursor").GetRawText();

        var second = await session.Call("tools/list", $$"""{"cursor":{{cursor}}}""").End.Within();

        Assert.Equal(["x_a", "x_b", "x_c", "y_d"], Tools(first));
        Assert.Equal(["y_e", "y_f"], Tools(second));
        Assert.DoesNotContain("nextCursor", second, StringComparison.Ordinal);
    }

    private static string[] Tools(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return [.. document.RootElement.GetProperty("result").GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];
    }
}
