using System.Collections.Immutable;
using Mimir.Router.Catalog;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Engine;

/// <summary>A server whose names get no prefix, beside others.</summary>
public sealed class NoPrefixTests
{
    [Theory]
    [InlineData(PrefixMode.Always, "db_fetch,list_backends,plain")]
    [InlineData(PrefixMode.OnCollision, "fetch,list_backends,plain")]
    [InlineData(PrefixMode.Never, "fetch,list_backends,plain")]
    public async Task Lists_NothingCollides_BareNamesInEveryMode(PrefixMode mode, string expected)
    {
        await using var house = Of(mode, ("db", "db", TinyServer.With("fetch")), ("bare", "", TinyServer.With("list_backends", "plain")));

        Assert.Equal(expected.Split(','), await ShownAsync(house));
    }

    [Fact]
    public async Task Lists_BareNameCouldBeAnothersWithItsPrefix_GetsADigestWhetherOrNotItIs()
    {
        var digest = NameMaker.Digest("bare", "list_backends");
        await using var house = Of(PrefixMode.Always, ("list", "list", TinyServer.With("backends")), ("bare", "", TinyServer.With("list_backends", "plain")));
        await using var other = Of(PrefixMode.Always, ("list", "list", TinyServer.With("fetch")), ("bare", "", TinyServer.With("list_backends", "plain")));

        Assert.Equal(["list_backends", "list_backends_" + digest, "plain"], await ShownAsync(house));
        Assert.Equal(["list_fetch", "list_backends_" + digest, "plain"], await ShownAsync(other));
    }

    [Fact]
    public async Task Lists_OnCollision_TheOtherGetsItsPrefixAndNothingIsHidden()
    {
        await using var house = Of(PrefixMode.OnCollision, ("db", "db", TinyServer.With("list_backends")), ("bare", "", TinyServer.With("list_backends")));

        Assert.Equal(["db_list_backends", "list_backends"], await ShownAsync(house));
        Assert.Empty((await house.ModernListsAsync())[ListKind.Tools].Hidden);
    }

    [Fact]
    public async Task Lists_TwoServersWithoutPrefix_TheLaterOneGetsADigest()
    {
        await using var house = Of(PrefixMode.Always, ("one", "", TinyServer.With("a")), ("two", "", TinyServer.With("a")));

        Assert.Equal(["a", "a_" + NameMaker.Digest("two", "a")], await ShownAsync(house));
    }

    [Fact]
    public async Task Call_BareNameBeforeAnybodyListed_ReachesItsServer()
    {
        await using var house = Of(PrefixMode.Always, ("db", "db", TinyServer.With("fetch")), ("bare", "", TinyServer.With("plain")));

        Assert.Contains("\"result\"", await house.Modern("tools/call", "\"name\":\"plain\"").End.Within(), StringComparison.Ordinal);
        Assert.Contains("Unknown tool: fetch", await house.Modern("tools/call", "\"name\":\"fetch\"").End.Within(), StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> ShownAsync(House house) => (await house.ModernListsAsync())[ListKind.Tools].Routes.Select(r => r.Shown);

    private static House Of(PrefixMode mode, params (string Name, string Prefix, TinyServer Server)[] servers) => new(
        new RouterModel
        {
            Naming = new NamingModel { Prefix = mode },
            Servers = [.. servers.Select(s => House.Server(s.Name) with { Prefix = s.Prefix })],
        },
        servers.ToImmutableDictionary(s => s.Name, s => s.Server, StringComparer.Ordinal));
}
