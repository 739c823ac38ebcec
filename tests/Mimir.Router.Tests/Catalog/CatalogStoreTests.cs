using Mimir.Router.Catalog;

namespace Mimir.Router.Tests.Catalog;

public sealed class CatalogStoreTests
{
    [Fact]
    public async Task Known_ManyKindsOfClientsCameAndWent_TheNewestAreKept()
    {
        await using var house = House.Of(("x", TinyServer.With("a")));
        var gone = new List<TestSession>();
        for (var i = 0; i < 66; i++)
        {
            var session = await OpenAsync(house, $"{i}");
            gone.Add(session);
            house.Engine.Remove(session);
        }

        Assert.Null(Known(gone[0]));
        Assert.Null(Known(gone[1]));
        Assert.NotNull(Known(gone[2]));
        Assert.NotNull(Known(gone[65]));

        ServerList? Known(TestSession session) =>
            house.Engine.Store.Known(house.Pool("x").Legacy(session.Profile, new object()), ListKind.Tools);
    }

    [Fact]
    public async Task Known_AnotherClientOfTheKindIsThere_StaysHoweverManyGo()
    {
        await using var house = House.Of(("x", TinyServer.With("a")));
        var first = await OpenAsync(house, "0");
        var stays = await OpenAsync(house, "0");
        house.Engine.Remove(first);
        for (var i = 1; i <= 66; i++)
        {
            house.Engine.Remove(await OpenAsync(house, $"{i}"));
        }

        Assert.NotNull(house.Engine.Store.Known(house.Pool("x").Legacy(stays.Profile, new object()), ListKind.Tools));
    }

    private static async Task<TestSession> OpenAsync(House house, string kind)
    {
        var session = await house.OpenAsync("{\"roots\":{\"n\":" + kind + "}}");
        await session.Call("tools/list").End.Within();
        return session;
    }
}
