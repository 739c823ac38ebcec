using System.Text.RegularExpressions;
using Mimir.Architecture.Repository;

namespace Mimir.Architecture;

public sealed partial class SourceTextTests
{
    private const int MostLines = 400;

    [Fact]
    public void Files_OfCSharp_StayBelowTheLimit() => Verdict.None(ExceptionList.Apply(
        "length",
        from file in Repo.Sources
        let lines = File.ReadLines(Repo.Full(file)).Count()
        where lines > MostLines
        select (file, $"{file} has {lines} lines, more than {MostLines}")));

    [Fact]
    public void Suppressions_InTheSources_SayWhy() => Verdict.None(
        from file in Repo.Sources.Where(file => file.StartsWith("src/", StringComparison.Ordinal))
        from line in File.ReadLines(Repo.Full(file)).Select((text, index) => (Text: text.Trim(), Number: index + 1))
        where line.Text.StartsWith("#pragma warning disable", StringComparison.Ordinal) && !ReasonAfterPragma().IsMatch(line.Text)
        select $"{file}:{line.Number}: '{line.Text}' gives no reason; write it after //");

    [Fact]
    public void Suppressions_OfBannedCalls_AreNotAttributes() => Verdict.None(
        from file in Repo.Sources.Where(file => file.StartsWith("src/", StringComparison.Ordinal))
        where Repo.Read(file).Contains("SuppressMessage(\"ApiDesign\"", StringComparison.Ordinal)
        select $"{file} suppresses a banned call for a whole member; use a pragma around the one line");

    [Fact]
    public void BannedCalls_EverySourceProject_IsJudgedByTheCompiler()
    {
        string properties = Repo.Read("Directory.Build.props");

        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", properties, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", properties, StringComparison.Ordinal);
        Verdict.None(
            from file in Repo.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) || file == ".editorconfig")
            where Repo.Read(file).Contains("RS0030", StringComparison.Ordinal)
            select $"{file} switches banned calls off");
    }

    [Fact]
    public void Words_ThatPointOutsideTheRepository_StandNowhere() => Verdict.None(ExceptionList.Apply(
        "words",
        from file in Repo.Files
        where !Binary.Contains(Path.GetExtension(file)) && file != "tests/Mimir.Architecture/SourceTextTests.cs"
        from match in Outside().Matches(Repo.Read(file))
        select (file, $"{file} says '{match.Value}'")).Distinct());

    [Theory]
    [InlineData("see /home/gretel/notes", true)]
    [InlineData("for example /home/me/notes", false)]
    [InlineData("\"resolved\": \"https://registry.npmjs.org/zod\"", true)]
    [InlineData("as asked in issue 12", true)]
    [InlineData("fixes #12", true)]
    [InlineData("the issue at hand, and channel #general", false)]
    [InlineData("https://example.com/home/page", false)]
    public void Outside_SomeText_IsRecognised(string text, bool found) => Assert.Equal(found, Outside().IsMatch(text));

    private static readonly HashSet<string> Binary = new(StringComparer.OrdinalIgnoreCase) { ".png", ".ico", ".gz", ".pdf", ".woff2", ".bin" };

    // A machine's own folders, where a package was fetched from, and the number of a ticket: none of them travels with the code.
    [GeneratedRegex("""(?<![\w.:/])/((home|Users)/(?!(me|you|user|someone)\b)|work/|tmp/h/)\w+|\b(registry\.npmjs\.org|registry\.yarnpkg\.com|api\.nuget\.org)\b|\b[Ii]ssue #?\d+\b|\b([Ff]ixes|[Cc]loses) #\d+""")]
    private static partial Regex Outside();

    [GeneratedRegex(@"#pragma warning disable [\w, ]+//\s*\S.{8,}")]
    private static partial Regex ReasonAfterPragma();
}
