using System.Xml.Linq;
using Mimir.Architecture.Repository;

namespace Mimir.Architecture;

public sealed class SolutionTests
{
    private static IEnumerable<string> Projects => Repo.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    [Fact]
    public void Solution_EveryProject_IsListed()
    {
        var listed = XDocument.Load(Repo.Full("Mimir.slnx")).Descendants("Project").Select(project => (string)project.Attribute("Path")!).ToList();

        Verdict.None(Projects.Except(listed).Select(project => $"Mimir.slnx does not list {project}")
            .Concat(listed.Except(Projects).Select(project => $"Mimir.slnx lists {project}, which is not there")));
    }

    [Fact]
    public void SourceProjects_EachOne_HasATestProject() => Verdict.None(
        from project in Repo.SourceProjects
        where !Repo.Exists($"tests/{project}.Tests/{project}.Tests.csproj")
        select $"{project} has no tests/{project}.Tests");

    [Fact]
    public void TestProjects_EveryUserOfXunit_IsMarkedAsOne() => Verdict.None(
        from project in Projects
        let text = Repo.Read(project)
        where text.Contains("\"xunit.v3\"", StringComparison.Ordinal) != text.Contains("<IsTestProject>true", StringComparison.Ordinal)
        select $"{project}: a project that takes xunit.v3 says <IsTestProject>true, or ./build.sh test passes it by");

    [Fact]
    public void Packages_EveryVersion_IsCentral() => Verdict.None(
        from project in Projects
        from package in XDocument.Load(Repo.Full(project)).Descendants("PackageReference")
        where package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null
        select $"{project} pins {(string?)package.Attribute("Include")} itself; versions stand in Directory.Packages.props");

    [Fact]
    public void Licence_OfTheRepository_IsMit()
    {
        Assert.StartsWith("MIT License", Repo.Read("LICENSE"), StringComparison.Ordinal);
        Assert.Contains("<PackageLicenseExpression>MIT</PackageLicenseExpression>", Repo.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_ThatShipWithMimir_AreFreelyLicensed() => Verdict.None(
        from package in ShippedPackages.Read()
        where !ShippedPackages.Accepted.Contains(package.Licence)
        select $"{package.Name} {package.Version} is licensed '{package.Licence}'; accepted are {string.Join(", ", ShippedPackages.Accepted)}");

    [Fact]
    public void Packages_ThatShipWithMimir_AreSeen() =>
        Assert.Contains(ShippedPackages.Read(), package => package.Name == "System.CommandLine");

    [Theory]
    [InlineData("mimir")]
    [InlineData("build.sh")]
    [InlineData(".ci/run")]
    public void Scripts_AtTheDoor_AreExecutable(string path)
    {
        Assert.StartsWith("#!/usr/bin/env bash\n", Repo.Read(path), StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Repo.Full(path)).HasFlag(UnixFileMode.UserExecute), $"{path} is not executable");
    }
}
