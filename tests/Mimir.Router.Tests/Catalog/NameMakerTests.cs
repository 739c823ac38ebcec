using Mimir.Router.Catalog;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Catalog;

public sealed class NameMakerTests
{
    private static readonly NamingModel Naming = new();

    [Theory]
    [InlineData("read_file", "fs_read_file")]
    [InlineData("READ9", "fs_READ9")]
    [InlineData("read-file", "fs_read_file")]
    [InlineData("read.file/now", "fs_read_file_now")]
    [InlineData("größe", "fs_gr__e")]
    public void Make_Always_PrefixSeparatorAndCleanName(string original, string expected) =>
        Assert.Equal(expected, Assert.Single(Make("fs", [original])));

    [Theory]
    [InlineData("_")]
    [InlineData("__")]
    [InlineData("-")]
    [InlineData(".")]
    public void Make_Separator_StandsBetweenPrefixAndName(string separator)
    {
        var maker = new NameMaker(Naming with { Separator = separator }, ["fs"]);

        Assert.Equal(["fs" + separator + "x"], maker.Make("fs", "fs", ["x"], _ => true));
    }

    [Theory]
    [InlineData(61, 64)]
    [InlineData(62, 64)]
    [InlineData(500, 64)]
    public void Make_AroundTheLimit_NeverLongerThan64(int length, int expected)
    {
        var name = Assert.Single(Make("fs", [new string('x', length)]));

        Assert.Equal(expected, name.Length);
        Assert.Equal(length == 61, name == "fs_" + new string('x', 61));
    }

    [Fact]
    public void Make_LongNamesEqualUpToTheLimit_StayDifferent()
    {
        var names = Make("fs", [new string('x', 90) + "a", new string('x', 90) + "b"]);

        Assert.NotEqual(names[0], names[1]);
        Assert.All(names, n => Assert.StartsWith("fs_xxxx", n, StringComparison.Ordinal));
    }

    [Fact]
    public void Digest_OfServerAndName_IsStableAcrossReleases()
    {
        // Clients keep names in their settings: the digest must not change between versions.
        Assert.Equal("a70c2700", NameMaker.Digest("fs", "read.file"));
        Assert.NotEqual(NameMaker.Digest("a", "bc"), NameMaker.Digest("ab", "c"));
    }

    [Theory]
    [InlineData("a.b", "a_b")]
    [InlineData("a_b", "a.b")]
    public void Make_TwoThatBecomeEqual_TheCleanOneKeepsThePlainForm(string first, string second)
    {
        var names = Make("fs", [first, second]);

        Assert.Equal("fs_a_b", names[first == "a_b" ? 0 : 1]);
        Assert.Equal("fs_a_b_" + NameMaker.Digest("fs", "a.b"), names[first == "a.b" ? 0 : 1]);
    }

    [Fact]
    public void Make_PlainFormReadsLikeAnotherServers_GetsADigest()
    {
        var maker = new NameMaker(Naming, ["git", "git_hub"]);

        var mine = Assert.Single(maker.Make("git", "git", ["hub_push"], _ => true));
        var theirs = Assert.Single(maker.Make("git_hub", "git_hub", ["push"], _ => true));

        Assert.Equal("git_hub_push", theirs);
        Assert.Equal("git_hub_push_" + NameMaker.Digest("git", "hub_push"), mine);
    }

    [Theory]
    [InlineData("9lives", "t_9lives")]
    [InlineData("_hidden", "t_hidden")]
    [InlineData("ok", "ok")]
    public void Make_WithoutPrefix_StartsWithALetter(string original, string expected) =>
        Assert.Equal(expected, Assert.Single(new NameMaker(Naming, ["fs"]).Make("fs", "fs", [original], _ => false)));

    [Theory]
    [InlineData("_x", "t_x")]
    [InlineData("1", "t_1")]
    public void Make_WithoutPrefixLetterAddedMeetsARealName_BothStayDifferent(string mended, string plain)
    {
        var names = new NameMaker(Naming, ["fs"]).Make("fs", "fs", [mended, plain], _ => false);

        Assert.Equal(plain, names[1]);
        Assert.NotEqual(names[0], names[1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Make_ThousandsOfRandomNames_AreValidAndInjective(int seed)
    {
        // A small alphabet makes accidents likely: underscores, digits and foreign letters at every border.
        var random = new Random(seed);
        var prefixes = new[] { "a", "a_b", "a_", "b", "ab", "a_b_a", "b_1" };
        var maker = new NameMaker(Naming, prefixes);
        var owners = new Dictionary<string, (string Server, string Original)>(StringComparer.Ordinal);
        foreach (var prefix in prefixes)
        {
            var originals = Enumerable.Range(0, 3000).Select(_ => Text(random)).Distinct(StringComparer.Ordinal).ToArray();
            var names = maker.Make(prefix, prefix, originals, _ => true);
            for (var i = 0; i < names.Length; i++)
            {
                Assert.Matches("^[a-zA-Z][a-zA-Z0-9_]{0,63}$", names[i]);
                Assert.True(
                    owners.TryAdd(names[i], (prefix, originals[i])),
                    $"{names[i]} is {owners[names[i]]} and {(prefix, originals[i])}");
            }
        }

        Assert.True(owners.Count > 5000);
    }

    [Fact]
    public void Make_OrderOfTheServersList_ChangesNoName()
    {
        var random = new Random(4);
        var originals = Enumerable.Range(0, 2000).Select(_ => Text(random)).Distinct(StringComparer.Ordinal).ToArray();
        var forward = originals.Zip(Make("a", originals)).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
        random.Shuffle(originals);

        Assert.All(originals.Zip(Make("a", originals)), pair => Assert.Equal(forward[pair.First], pair.Second));
    }

    private static string[] Make(string server, string[] originals) => new NameMaker(Naming, [server]).Make(server, server, originals, _ => true);

    private static string Text(Random random) =>
        string.Create(random.Next(10) == 0 ? random.Next(55, 80) : random.Next(1, 6), random, static (span, r) =>
        {
            foreach (ref var c in span)
            {
                c = "ab_1.é"[r.Next(6)];
            }
        });
}
