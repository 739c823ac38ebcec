using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Tests.Catalog;

public sealed class MergedListTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public async Task Pages_FollowedByTheirCursors_GiveEveryEntryOnceInOrder(int count)
    {
        await using var house = House.Of();
        var list = List(house, count, pageSize: 3);

        Assert.Equal(Enumerable.Range(0, count).Select(i => "t" + i), Walk(list));
    }

    [Fact]
    public async Task TryPage_CursorWhosePlaceIsUnchanged_GoesOnThere()
    {
        await using var house = House.Of();
        var cursor = CursorOf(List(house, 7, 3).First);

        // Everything behind the place may change; the place itself must not.
        Assert.True(List(house, 5, 3).TryPage(cursor, out var page));
        Assert.Equal(["t3", "t4"], Names(page));
    }

    [Fact]
    public async Task TryPage_CursorWhosePlaceMoved_IsRefused()
    {
        await using var house = House.Of();
        var cursor = CursorOf(List(house, 7, 3).First);
        var slot = Slot(house);
        var shifted = Make([.. new[] { "new" }.Concat(Enumerable.Range(0, 7).Select(i => "t" + i)).Select(n => Route(slot, n))], 3, ListKind.Tools);

        Assert.False(shifted.TryPage(cursor, out _));
        Assert.False(List(house, 3, 3).TryPage(cursor, out _));
    }

    [Fact]
    public async Task TryPage_CursorOfAnotherList_IsRefused()
    {
        await using var house = House.Of();
        var slot = Slot(house);
        Route[] routes = [.. Enumerable.Range(0, 4).Select(i => Route(slot, "t" + i))];
        var cursor = CursorOf(Make(routes, 2, ListKind.Prompts).First);

        Assert.True(Make(routes, 2, ListKind.Prompts).TryPage(cursor, out _));
        Assert.False(Make(routes, 2, ListKind.Tools).TryPage(cursor, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("====")]
    [InlineData("MC4x")]
    [InlineData("\\u004dC4x")]
    [InlineData("not base64 at all!")]
    public async Task TryPage_Nonsense_IsRefused(string cursor)
    {
        await using var house = House.Of();

        Assert.False(List(house, 7, 3).TryPage(Encoding.UTF8.GetBytes(cursor), out _));
    }

    [Theory]
    [InlineData("0.0.DIGEST")]
    [InlineData("0.-1.DIGEST")]
    [InlineData("0.9.DIGEST")]
    [InlineData("0.1.")]
    [InlineData("0.1.DIGESTx")]
    [InlineData("0.2147483647.DIGEST")]
    [InlineData("0.1431655766.DIGEST")]
    [InlineData("0.99999999999999999.DIGEST")]
    [InlineData("00.1.DIGEST")]
    [InlineData("0.1x.DIGEST")]
    [InlineData("0..1.DIGEST")]
    public async Task TryPage_ForgedNumbers_AreRefused(string forged)
    {
        await using var house = House.Of();
        var list = List(house, 7, 3);
        var text = forged.Replace("DIGEST", Encoding.ASCII.GetString(Cursors.DigestOf(list.Routes[2])), StringComparison.Ordinal);
        var cursor = System.Buffers.Text.Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text));

        Assert.False(list.TryPage(Encoding.ASCII.GetBytes(cursor), out _));
    }

    [Fact]
    public async Task TryPage_RandomBytes_NeverThrow()
    {
        await using var house = House.Of();
        var list = List(house, 7, 3);
        var random = new Random(7);
        var valid = CursorOf(list.First);
        for (var i = 0; i < 20_000; i++)
        {
            var cursor = i % 2 == 0 ? new byte[random.Next(80)] : [.. valid];
            if (i % 2 == 0)
            {
                random.NextBytes(cursor);
            }
            else
            {
                cursor[random.Next(cursor.Length)] = (byte)random.Next(256);
            }

            Assert.True(!list.TryPage(cursor, out _) || cursor.AsSpan().SequenceEqual(valid));
        }
    }

    [Fact]
    public async Task Find_EveryShownName_ItsRouteAndNoOther()
    {
        await using var house = House.Of();
        var list = List(house, 500, 100);

        Assert.All(list.Routes, route => Assert.Same(route, list.Find(Encoding.UTF8.GetBytes(route.Shown))));
        Assert.Null(list.Find("t"u8));
        Assert.Null(list.Find("t500"u8));
        Assert.Null(list.Find(""u8));
    }

    [Fact]
    public async Task LooksLike_SameEntries_ButNotOtherSizesOrNames()
    {
        await using var house = House.Of();

        Assert.True(List(house, 4, 3).LooksLike(List(house, 4, 3)));
        Assert.False(List(house, 4, 3).LooksLike(List(house, 3, 3)));
        Assert.False(List(house, 4, 3).LooksLike(List(house, 4, 2)));
    }

    internal static Route Route(ConnectionSlot slot, string name)
    {
        var json = Encoding.UTF8.GetBytes(TinyServer.Tool(name));
        return new Route(slot, new CatalogEntry(json, new ByteRange(9, name.Length), name), name);
    }

    private static ConnectionSlot Slot(House house) => new ServerPool(
        House.Server("s"),
        new PoolSetup
        {
            Limits = new LimitsModel(),
            Clock = house.Engine.Clock,
            Events = new ReportedEvents(),
            Budget = new ProcessBudget(1),
            Random = static () => 0.5,
            ConnectorFor = _ => throw new InvalidOperationException("nothing is opened here"),
        }).Modern();

    private static MergedList List(House house, int count, int pageSize)
    {
        var slot = Slot(house);
        return Make([.. Enumerable.Range(0, count).Select(i => Route(slot, "t" + i))], pageSize, ListKind.Tools);
    }

    private static MergedList Make(Route[] routes, int pageSize, ListKind kind) => new(kind, modern: true, routes, [], 0, isPublic: false, pageSize);

    private static List<string> Walk(MergedList list)
    {
        var names = Names(list.First);
        var page = list.First;
        while (CursorOf(page) is { Length: > 0 } cursor)
        {
            Assert.True(list.TryPage(cursor, out page));
            names.AddRange(Names(page));
        }

        return names;
    }

    private static List<string> Names(ReadOnlyMemory<byte> page)
    {
        using var document = JsonDocument.Parse(page);
        var root = document.RootElement;
        var member = root.TryGetProperty("tools", out var tools) ? tools : root.GetProperty("prompts");
        return [.. member.EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];
    }

    private static byte[] CursorOf(ReadOnlyMemory<byte> page)
    {
        using var document = JsonDocument.Parse(page);
        return document.RootElement.TryGetProperty("nextCursor", out var cursor) ? Encoding.ASCII.GetBytes(cursor.GetString()!) : [];
    }
}
