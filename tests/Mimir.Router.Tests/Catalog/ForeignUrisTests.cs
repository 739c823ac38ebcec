using System.Text;
using Mimir.Router.Catalog;

namespace Mimir.Router.Tests.Catalog;

public sealed class ForeignUrisTests
{
    [Theory]
    [InlineData("y", "file:///a")]
    [InlineData("a_b", "x")]
    [InlineData("y", "mimir://z/file:///a")]
    [InlineData("y", "")]
    public void TrySplit_WhatMakeMade_GivesBothBack(string prefix, string uri)
    {
        var shown = Encoding.UTF8.GetBytes(ForeignUris.Make(prefix, uri));

        Assert.True(ForeignUris.TrySplit(shown, out var found, out var length));
        Assert.Equal(prefix, Encoding.UTF8.GetString(found));
        Assert.Equal(uri, Encoding.UTF8.GetString(shown.AsSpan(length)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("file:///a")]
    [InlineData("mimir:/y/a")]
    [InlineData("mimir://")]
    [InlineData("mimir://y")]
    [InlineData("mimir:///a")]
    [InlineData("MIMIR://y/a")]
    public void TrySplit_AnythingElse_IsNone(string shown) => Assert.False(ForeignUris.TrySplit(Encoding.UTF8.GetBytes(shown), out _, out _));
}
