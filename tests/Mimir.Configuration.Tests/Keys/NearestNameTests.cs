using Mimir.Configuration.Keys;

namespace Mimir.Configuration.Tests.Keys;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("ABC", "abc", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("abc", "abd", 1)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abc", "ab", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("prefxi", "prefix", 1)]
    public void Distance_Words_CountsEdits(string a, string b, int expected) => Assert.Equal(expected, NearestName.Distance(a, b));

    [Theory]
    [InlineData("comand", "command")]
    [InlineData("Command", "command")]
    [InlineData("startup_timeout", "startupTimeout")]
    [InlineData("zzz", null)]
    public void Find_Word_IsNearestOrNone(string written, string? expected) =>
        Assert.Equal(expected, NearestName.Find(written, ["args", "command", "startupTimeout"]));

    [Fact]
    public void Find_EndlessWord_IsNone() => Assert.Null(NearestName.Find(new string('a', 100_000), ["args"]));
}
