using System.Text;
using System.Text.Json;
using Mimir.Router.Catalog;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Catalog;

public sealed class CatalogMergerTests
{
    [Fact]
    public async Task Merge_SeveralServers_ConfiguredOrderAndTheirOwnOrderWithin()
    {
        await using var house = House.Of(("z", TinyServer.With("b", "a")), ("y", TinyServer.With("c")), ("x", TinyServer.With("b")));

        Assert.Equal(["z_b", "z_a", "y_c", "x_b"], Shown(await house.ModernListsAsync()));
    }

    [Theory]
    [InlineData("x,y,z")]
    [InlineData("z,y,x")]
    [InlineData("y,z,x")]
    public async Task Merge_WhateverTheOrderOfStarting_SameBytes(string order)
    {
        await using var house = House.Of(("x", TinyServer.With("a.b", "a_b")), ("y", TinyServer.With("a")), ("z", TinyServer.With("b")));
        var catalog = house.Engine.ModernCatalog(house.Engine.All);
        foreach (var name in order.Split(','))
        {
            await catalog.LoadAsync(house.Pool(name)).Within();
            catalog.Refresh();
        }

        Assert.Equal(
            $$"""{"resultType":"complete","tools":[{{TinyServer.Tool("x_a_b_" + NameMaker.Digest("x", "a.b"))}},{{TinyServer.Tool("x_a_b")}},{{TinyServer.Tool("y_a")}},{{TinyServer.Tool("z_b")}}],"ttlMs":0,"cacheScope":"private"}""",
            Encoding.UTF8.GetString(catalog.Refresh()[ListKind.Tools].First.Span));
    }

    [Fact]
    public async Task Merge_NothingChanged_SameObjects()
    {
        await using var house = House.Of(("x", TinyServer.With("a")), ("y", TinyServer.With("b")));
        var before = await house.ModernListsAsync();

        // Something was touched, so that it is merged again; nothing looks different.
        var lists = house.Engine.Store.For(house.Pool("x").Modern());
        house.Engine.Store.Touched(lists, changed: null);
        var after = house.Engine.ModernCatalog(house.Engine.All).Refresh();

        Assert.NotSame(before, after);
        Assert.All(ListKinds.All, kind => Assert.Same(before[kind], after[kind]));
    }

    [Fact]
    public async Task Merge_OneServerChanged_OnlyThatListIsAnotherObject()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(("x", server), ("y", TinyServer.With("b")));
        var before = await house.ModernListsAsync();

        server.Offer("a", "new");
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        var catalog = house.Engine.ModernCatalog(house.Engine.All);
        await Patience.UntilAsync(() => !ReferenceEquals(catalog.Refresh()[ListKind.Tools], before[ListKind.Tools]));

        Assert.Equal(["x_a", "x_new", "y_b"], Shown(catalog.Refresh()));
        Assert.Same(before[ListKind.Prompts], catalog.Refresh()[ListKind.Prompts]);
        Assert.Same(before[ListKind.Resources], catalog.Refresh()[ListKind.Resources]);
    }

    [Fact]
    public async Task Merge_PrefixOnCollision_OnlySharedNamesGetIt()
    {
        await using var house = OnCollision(("x", TinyServer.With("shared", "mine")), ("y", TinyServer.With("shared", "theirs")));

        Assert.Equal(["x_shared", "mine", "y_shared", "theirs"], Shown(await house.ModernListsAsync()));
    }

    [Fact]
    public async Task Merge_PrefixOnCollisionNamesEqualAfterCleaning_CountAsShared()
    {
        await using var house = OnCollision(("x", TinyServer.With("a.b")), ("y", TinyServer.With("a_b")));

        Assert.Equal(["x_a_b", "y_a_b"], Shown(await house.ModernListsAsync()));
    }

    [Theory]
    [InlineData("x_shared")]
    [InlineData("y_shared")]
    public async Task Merge_PrefixOnCollisionPlainNameLooksPrefixed_NothingIsHidden(string lookalike)
    {
        await using var house = OnCollision(
            ("x", TinyServer.With("shared")), ("y", TinyServer.With("shared")), ("z", TinyServer.With(lookalike)));
        var lists = await house.ModernListsAsync();

        Assert.Empty(lists[ListKind.Tools].Hidden);
        Assert.Equal(["x_shared", "y_shared", lookalike + "_" + NameMaker.Digest("z", lookalike)], Shown(lists));
    }

    [Fact]
    public async Task Merge_PrefixNever_FirstConfiguredWinsAndTheOtherIsHiddenWithAReason()
    {
        await using var house = House.Of(
            new RouterModel { Naming = new NamingModel { Prefix = PrefixMode.Never } }, null,
            ("x", TinyServer.With("a.b", "c")), ("y", TinyServer.With("c", "d")));
        var lists = await house.ModernListsAsync();

        Assert.Equal(["a.b", "c", "d"], Shown(lists));
        Assert.Equal("x", lists[ListKind.Tools].Find("c"u8)!.Pool.Model.Name);
        var hidden = Assert.Single(lists[ListKind.Tools].Hidden);
        Assert.Contains("'c'", hidden.Reason, StringComparison.Ordinal);
        Assert.Equal("y", hidden.Pool.Model.Name);
    }

    [Fact]
    public async Task Merge_ViewOfOneServer_NamesAreUntouched()
    {
        await using var house = House.Of(("x", TinyServer.With("a.b", "a_b", "größe")), ("y", TinyServer.With("a")));

        Assert.Equal(["a.b", "a_b", "größe"], Shown(await house.ModernListsAsync(house.Engine.FindView("x"))));
    }

    [Fact]
    public async Task Merge_SharedUri_FirstKeepsItOthersAreShownForeign()
    {
        await using var house = House.Of(
            ("x", Resources("file:///a", "file:///b")), ("y", Resources("file:///a", "file:///c")));
        var lists = await house.ModernListsAsync();

        Assert.Equal(["file:///a", "file:///b", "mimir://y/file:///a", "file:///c"], lists[ListKind.Resources].Routes.Select(r => r.Shown));
        Assert.Equal("x", lists[ListKind.Resources].Find("file:///a"u8)!.Pool.Model.Name);
        Assert.Equal("y", lists[ListKind.Resources].Find("mimir://y/file:///a"u8)!.Pool.Model.Name);
    }

    [Fact]
    public async Task Merge_UriThatLooksLikeAForeignOne_NoUriIsShownTwice()
    {
        await using var house = House.Of(
            ("x", Resources("file:///a", "mimir://y/file:///a")), ("y", Resources("file:///a", "file:///c")));
        var lists = await house.ModernListsAsync();

        Assert.Equal(["file:///a", "mimir://y/file:///a", "file:///c"], lists[ListKind.Resources].Routes.Select(r => r.Shown));
        Assert.Contains("file:///a", Assert.Single(lists[ListKind.Resources].Hidden).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_RenamedEntry_AllOtherBytesAreTheServersOwn()
    {
        const string Entry = """{ "x" : 1.0e+2,"inputSchema":{"type":"object"},  "name":"a\u002eb","y":"\/\u00e9" }""";
        await using var house = House.Of(("s", new TinyServer().OfferRaw("tools/list", $$"""{"tools":[{{Entry}}]}""")));
        var lists = await house.ModernListsAsync();

        Assert.Contains(Entry.Replace("a\\u002eb", "s_a_b", StringComparison.Ordinal), Encoding.UTF8.GetString(lists[ListKind.Tools].First.Span), StringComparison.Ordinal);
        Assert.Equal("a\\u002eb", Encoding.UTF8.GetString(lists[ListKind.Tools].Routes[0].Raw));
    }

    [Theory]
    [InlineData("tools/list", "{}", "name")]
    [InlineData("tools/list", "7", "no object")]
    [InlineData("tools/list", """{"name":""}""", "name")]
    [InlineData("tools/list", """{"name":"bad"}""", "inputSchema")]
    [InlineData("tools/list", """{"name":"bad","inputSchema":true}""", "inputSchema")]
    [InlineData("tools/list", """{"name":"\ud800","inputSchema":{}}""", "valid text")]
    [InlineData("tools/list", """{"name":"good","inputSchema":{}}""", "twice")]
    public async Task Fetch_MalformedEntry_HidesItselfWithAReasonAndNothingElse(string method, string bad, string reason)
    {
        var server = new TinyServer().OfferRaw(method, $$"""{"tools":[{{TinyServer.Tool("good")}},{{bad}},{{TinyServer.Tool("fine")}}]}""");
        await using var house = House.Of(("x", server));
        var lists = await house.ModernListsAsync();

        Assert.Equal(["x_good", "x_fine"], Shown(lists));
        Assert.Contains(reason, Assert.Single(house.Pool("x").State.Hidden), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tools":[TOOL],"ttlMs":"60000"}""")]
    [InlineData("""{"tools":[TOOL],"ttlMs":null}""")]
    [InlineData("""{"tools":[TOOL],"ttlMs":-5}""")]
    [InlineData("""{"tools":[TOOL],"ttlMs":1.5}""")]
    [InlineData("""{"tools":[TOOL],"ttlMs":60000,"cacheScope":7}""")]
    [InlineData("""{"tools":[TOOL],"nextCursor":7}""")]
    [InlineData("""{"tools":[TOOL],"nextCursor":"\ud800"}""")]
    public async Task Fetch_MalformedMemberBesideTheList_TheListIsShown(string result)
    {
        var server = new TinyServer().OfferRaw("tools/list", result.Replace("TOOL", TinyServer.Tool("good"), StringComparison.Ordinal));
        await using var house = House.Of(("x", server), ("y", TinyServer.With("other")));

        Assert.Equal(["x_good", "y_other"], Shown(await house.ModernListsAsync()));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":{"code":-32603,"message":"no"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":[]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":{"tools":{}}}""")]
    public async Task Fetch_AnswerIsNoList_OtherListsAndServersAreShown(string answer)
    {
        var server = new TinyServer().OfferRaw("prompts/list", """{"prompts":[{"name":"p"}]}""");
        server.On = async (message, wire) =>
        {
            if (message.GetProperty("method").ValueEquals("tools/list"))
            {
                await wire.SendAsync(answer.Replace("ID", message.GetProperty("id").GetRawText(), StringComparison.Ordinal));
                return true;
            }

            return false;
        };
        await using var house = House.Of(
            new RouterModel(), null, ("x", server), ("y", TinyServer.With("other")));
        var lists = await house.ModernListsAsync();

        Assert.Equal(["y_other"], Shown(lists));
        Assert.Equal(["x_p"], lists[ListKind.Prompts].Routes.Select(r => r.Shown));
    }

    [Fact]
    public async Task Fetch_TtlAndScopeOfSeveral_LowestAndPrivateUnlessAllArePublic()
    {
        await using var house = House.Of(
            ("x", new TinyServer().OfferRaw("tools/list", """{"tools":[],"ttlMs":5000,"cacheScope":"public"}""")),
            ("y", new TinyServer().OfferRaw("tools/list", """{"tools":[],"ttlMs":300,"cacheScope":"public"}""")));

        Assert.EndsWith("\"ttlMs\":300,\"cacheScope\":\"public\"}", First(await house.ModernListsAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_OneServerUnknownYet_MustNotBeCached()
    {
        var slow = new TinyServer();
        slow.Holds["tools/list"] = new TaskCompletionSource().Task;
        await using var house = House.Of(
            ("x", new TinyServer().OfferRaw("tools/list", """{"tools":[],"ttlMs":5000,"cacheScope":"public"}""")), ("y", slow));
        var catalog = house.Engine.ModernCatalog(house.Engine.All);
        await catalog.LoadAsync(house.Pool("x")).Within();

        Assert.EndsWith("\"ttlMs\":0,\"cacheScope\":\"private\"}", First(catalog.Refresh()), StringComparison.Ordinal);
    }

    private static House OnCollision(params (string Name, TinyServer Server)[] servers) =>
        House.Of(new RouterModel { Naming = new NamingModel { Prefix = PrefixMode.OnCollision } }, null, servers);

    private static TinyServer Resources(params string[] uris) => new TinyServer().OfferRaw(
        "resources/list", $$"""{"resources":[{{string.Join(',', uris.Select(u => $$"""{"uri":{{JsonSerializer.Serialize(u)}},"name":"n"}"""))}}]}""");

    private static IEnumerable<string> Shown(MergedCatalog lists) => lists[ListKind.Tools].Routes.Select(r => r.Shown);

    private static string First(MergedCatalog lists) => Encoding.UTF8.GetString(lists[ListKind.Tools].First.Span);
}
