using Mimir.Router.Model.Routing;

namespace Mimir.Router.Tests.Model.Routing;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("fetch_*", "fetch_user", true)]
    [InlineData("fetch_*", "prefetch_user", false)]
    [InlineData("*_user", "fetch_user", true)]
    [InlineData("*_user", "fetch_users", false)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-b-b-d", false)]
    [InlineData("get_?", "get_a", true)]
    [InlineData("get_?", "get_", false)]
    [InlineData("t[abc]", "tb", true)]
    [InlineData("t[abc]", "td", false)]
    [InlineData("t[!abc]", "td", true)]
    [InlineData("t[!abc]", "ta", false)]
    [InlineData("v[0-9]*", "v12", true)]
    [InlineData("v[0-9]", "vx", false)]
    [InlineData("[]a]x", "]x", true)]
    [InlineData("[abc", "[abc", true)]
    [InlineData("Fetch", "fetch", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    public void Matches_PatternAndName_AsInAShell(string pattern, string name, bool expected) => Assert.Equal(expected, Glob.Matches(pattern, name));

    [Fact]
    public void Matches_ManyStarsThatNeverFit_TakesFewSteps() =>
        // Exponential in the number of stars this would not come to an end.
        Assert.False(Glob.Matches(string.Concat(Enumerable.Repeat("*a", 100)) + "b", new string('a', 10_000)));
}
