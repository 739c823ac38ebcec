using System.Collections.Immutable;
using Mimir.Router.Catalog;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Tests.Catalog;

public sealed class AccessTests
{
    /// <summary>What is said of server x and its tool read_file, and whether that may be called: each tier before the next.</summary>
    public static TheoryData<string, bool> Tiers => new()
    {
        { "", true },
        { "denied=read_file", false },
        { "denied=read_*", false },
        { "denied=write_*", true },
        { "allowed=read_*", true },
        { "allowed=write_*", false },
        { "allowed=", false },
        { "allowed=read_* denied=read_file", false },
        { "ns", true },
        { "ns elsewhere", false },
        { "ns closed", false },
        { "ns closed ns.allowed=read_file", true },
        { "ns closed ns.allowed=write_*", false },
        { "ns closed ns.default=allow", true },
        { "ns ns.default=deny", false },
        { "ns ns.default=deny ns.allowed=read_*", true },
        { "ns ns.allowed=write_*", false },
        { "ns ns.allowed=write_* ns.default=allow", true },
        { "ns ns.denied=read_file", false },
        { "ns ns.denied=read_* ns.allowed=read_file", true },
        { "ns ns.denied=read_file ns.allowed=read_*", false },
        { "ns ns.denied=read_* ns.allowed=read_*", false },
        { "ns ns.denied=read_file ns.allowed=read_file", false },
        { "denied=read_file ns ns.allowed=read_file ns.default=allow", false },
        { "allowed=write_* ns ns.allowed=read_file", false },
        { "ns elsewhere ns.allowed=read_file", false },
    };

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Objection_EachTier_ComesBeforeTheNext(string said, bool allowed)
    {
        var access = Of(said);
        var objection = access.Objection("x", ListKind.Tools, "read_file");
        Assert.True(objection is null == allowed, objection ?? "allowed");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("ns", true)]
    [InlineData("ns closed", false)]
    [InlineData("ns elsewhere", false)]
    [InlineData("denied=a", false)]
    [InlineData("ns ns.denied=a", false)]
    public void IsUnbounded_AnythingMayBeDenied_IsFalse(string said, bool expected) => Assert.Equal(expected, Of(said).IsUnbounded("x"));

    [Theory]
    [InlineData("file:///pub/a", true)]
    [InlineData("file:///pub/a..b", true)]
    [InlineData("file:///pub/50%25", true)]
    [InlineData("file:///pub/../etc/passwd", false)]
    [InlineData("file:///pub/..", false)]
    [InlineData("file:///pub/%2e%2e/etc/passwd", false)]
    [InlineData("file:///pub/.%2E/etc/passwd", false)]
    [InlineData("file:///pub/x%2f..%2f..%2fetc", false)]
    [InlineData("file:///pub/..\\etc", false)]
    public void Objection_UriThatClimbsOutOfWhatIsAllowed_IsDenied(string uri, bool allowed)
    {
        var rules = new ServerPermissions(OfferRules.None, OfferRules.None, new OfferRules { Allowed = ["file:///pub/*"] });
        var always = new Access(new PermissionsModel { Servers = Map("x", rules) }, null);
        var inside = new Access(PermissionsModel.None, new NamespaceModel("n") { Servers = ["x"], Grants = Map("x", new NamespaceGrant(rules, null)) });

        Assert.All([always, inside], access => Assert.Equal(allowed, access.Objection("x", ListKind.Resources, uri) is null));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Objection_WhatIsWithheldFromAll_IsNeverGivenAndToolsAre(bool resources, bool prompts)
    {
        var model = new PermissionsModel { WithholdsResources = resources, WithholdsPrompts = prompts };
        foreach (var access in new[] { new Access(model, null), new Access(model, new NamespaceModel("n") { Servers = ["x"] }) })
        {
            Assert.Null(access.Objection("x", ListKind.Tools, "t"));
            Assert.Equal(prompts, access.Objection("x", ListKind.Prompts, "p") is not null);
            Assert.Equal(resources, access.Objection("x", ListKind.Resources, "file:///r") is not null);
            Assert.Equal(resources, access.Objection("x", ListKind.Templates, "file:///{r}") is not null);
            Assert.True(access.IsBounded);
            Assert.False(access.IsUnbounded("x"));
        }

        Assert.NotEqual(PermissionsModel.None, model);
    }

    [Fact]
    public void Objection_OfOneKind_SaysNothingOfTheOthers()
    {
        var rules = new ServerPermissions(OfferRules.None, new OfferRules { Allowed = [] }, OfferRules.None);
        var access = new Access(new PermissionsModel { Servers = Map("x", rules) }, null);

        Assert.NotNull(access.Objection("x", ListKind.Prompts, "a"));
        Assert.Null(access.Objection("x", ListKind.Tools, "a"));
        Assert.Null(access.Objection("x", ListKind.Resources, "a:b"));
        Assert.Null(access.Objection("y", ListKind.Prompts, "a"));
    }

    private static Access Of(string said)
    {
        var words = said.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var always = new ServerPermissions(Rules(words, ""), OfferRules.None, OfferRules.None);
        var model = new PermissionsModel { Servers = always.IsEmpty ? PermissionsModel.None.Servers : Map("x", always) };
        if (!words.Contains("ns"))
        {
            return new Access(model, null);
        }

        var grant = new NamespaceGrant(
            new ServerPermissions(Rules(words, "ns."), OfferRules.None, OfferRules.None),
            words.Contains("ns.default=allow") ? true : words.Contains("ns.default=deny") ? false : null);
        return new Access(model, new NamespaceModel("n")
        {
            Servers = words.Contains("elsewhere") ? ["y"] : ["x"],
            DeniesByDefault = words.Contains("closed"),
            Grants = grant is { IsAllowedByDefault: null, Permissions.IsEmpty: true } ? ImmutableSortedDictionary<string, NamespaceGrant>.Empty : Map("x", grant),
        });
    }

    private static OfferRules Rules(string[] words, string before)
    {
        var rules = OfferRules.None;
        foreach (var word in words)
        {
            if (word.StartsWith(before + "allowed=", StringComparison.Ordinal))
            {
                rules = rules with { Allowed = Patterns(word) };
            }
            else if (word.StartsWith(before + "denied=", StringComparison.Ordinal))
            {
                rules = rules with { Denied = Patterns(word) };
            }
        }

        return rules;
    }

    private static ImmutableArray<string> Patterns(string word) => [.. word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries)];

    private static ImmutableSortedDictionary<string, T> Map<T>(string key, T value) => ImmutableSortedDictionary<string, T>.Empty.Add(key, value);
}
