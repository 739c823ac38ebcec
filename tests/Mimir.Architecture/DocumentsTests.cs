using Mimir.Architecture.Repository;

namespace Mimir.Architecture;

public sealed class DocumentsTests
{
    private const int MostLinesForAgents = 120;

    private static IEnumerable<string> Documents => Repo.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void Agents_TheFile_IsShort() => Assert.InRange(File.ReadLines(Repo.Full("AGENTS.md")).Count(), 20, MostLinesForAgents - 1);

    [Fact]
    public void Agents_EveryPath_Resolves() => Verdict.None(
        from path in Markdown.Paths(Repo.Read("AGENTS.md"))
        where !path.StartsWith("artifacts/", StringComparison.Ordinal) && !Repo.Exists(path)
        select $"AGENTS.md names {path}, which is not there");

    [Fact]
    public void Agents_EverySourceProject_IsNamed() => Verdict.None(
        from project in Repo.SourceProjects
        where !Repo.Read("AGENTS.md").Contains($"src/{project}", StringComparison.Ordinal)
        select $"AGENTS.md does not say what src/{project} is for");

    [Fact]
    public void Links_OfEveryDocument_Resolve() => Verdict.None(
        from document in Documents
        from link in Markdown.Links(Repo.Read(document))
        let complaint = Markdown.Judge(document, link)
        where complaint is not null
        select complaint);

    [Theory]
    [InlineData("see `src/Mimir.Cli/Program.cs` and `--config FILE`", new[] { "src/Mimir.Cli/Program.cs" })]
    [InlineData("`tests/X.Tests/NAME.cs`, `https://example.com/a`, `./build.sh test`", new[] { "./build.sh" })]
    [InlineData("`README.md`, `/mcp/NAME`, `Era.cs`", new[] { "README.md", "Era.cs" })]
    public void Paths_OfSomeText_AreFound(string text, string[] expected) => Assert.Equal(expected, Markdown.Paths(text));

    [Theory]
    [InlineData("[a](LICENSE)", null)]
    [InlineData("[a](https://example.com)", null)]
    [InlineData("[a](no/such/file.md)", "README.md links to no/such/file.md, which is not there")]
    [InlineData("[a](README.md#no-such-heading)", "README.md links to README.md#no-such-heading, and there is no such heading")]
    public void Judge_ALink_IsFollowed(string text, string? complaint) =>
        Assert.Equal(complaint, Markdown.Judge("README.md", Assert.Single(Markdown.Links(text))));
}
