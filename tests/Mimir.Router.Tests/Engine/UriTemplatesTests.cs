using Mimir.Router.Engine;

namespace Mimir.Router.Tests.Engine;

public sealed class UriTemplatesTests
{
    [Theory]
    [InlineData("file:///{path}", "file:///a", true)]
    [InlineData("file:///{path}", "file:///", false)]
    [InlineData("file:///{path}", "file:///a/b", false)]
    [InlineData("file:///{+path}", "file:///a/b", true)]
    [InlineData("file:///{+path}", "file:///", true)]
    [InlineData("file:///{/path*}", "file:////a/b", true)]
    [InlineData("db://{table}/{row}", "db://t/1", true)]
    [InlineData("db://{table}/{row}", "db://t/", false)]
    [InlineData("db://{table}/rows", "db://t/rows", true)]
    [InlineData("db://{table}/rows", "db://t/rowsx", false)]
    [InlineData("db://x{?q,limit}", "db://x?q=1", true)]
    [InlineData("db://x{?q,limit}", "db://x", true)]
    [InlineData("{a}{b}", "xy", true)]
    [InlineData("{a}{b}", "x", false)]
    [InlineData("plain", "plain", true)]
    [InlineData("plain", "plain2", false)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("broken{", "broken{", false)]
    [InlineData("broken{a", "brokenx", false)]
    [InlineData("empty{}x", "emptyx", true)]
    public void Matches_TemplateAndUri_AsRfc6570WouldMake(string template, string uri, bool matches) =>
        Assert.Equal(matches, UriTemplates.Matches(template, uri));

    [Fact]
    public async Task Matches_TemplateMadeToExplode_GivesUpSoon()
    {
        var template = string.Concat(Enumerable.Repeat("{+a}", 500)) + "!";
        var uri = new string('x', 100_000);

        Assert.False(await Task.Run(() => Enumerable.Range(0, 200).Any(_ => UriTemplates.Matches(template, uri))).WaitAsync(TimeSpan.FromSeconds(5)));
    }
}
