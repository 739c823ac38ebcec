using System.Xml.Linq;
using Mimir.Architecture.Metadata;
using Mimir.Architecture.Repository;
using Mimir.Architecture.Rules;

namespace Mimir.Architecture;

public sealed class ProjectArrowsTests
{
    [Fact]
    public void ProjectReferences_EverySourceProject_PointDown() => Verdict.None(
        from project in Repo.SourceProjects
        from reference in XDocument.Load(Repo.Full($"src/{project}/{project}.csproj")).Descendants("ProjectReference")
        let complaint = Floors.Judge(project, Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))
        where complaint is not null
        select complaint);

    [Fact]
    public void AssemblyReferences_EverySourceProject_PointDown() => Verdict.None(
        from project in Built.Projects
        from reference in project.Value.References
        let complaint = Floors.Judge(project.Key, reference)
        where complaint is not null
        select complaint);

    [Fact]
    public void Floors_EverySourceProject_HasOne() =>
        Assert.Equal(Repo.SourceProjects.Order(StringComparer.Ordinal), Floors.ByProject.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Mimir.Protocol", "Mimir.Router", false)]
    [InlineData("Mimir.Http", "Mimir.Supervisor", false)]
    [InlineData("Mimir.Router", "Mimir.Protocol", true)]
    [InlineData("Mimir.Unheard", "Mimir.Protocol", false)]
    [InlineData("Mimir.Protocol", "System.Runtime", true)]
    public void Judge_AnArrow_PassesOnlyDownwards(string from, string to, bool passes) => Assert.Equal(passes, Floors.Judge(from, to) is null);

    [Fact]
    public void Packages_ProtocolAndRouter_NeedNone() => Verdict.None(
        from project in new[] { "Mimir.Protocol", "Mimir.Router" }
        from package in XDocument.Load(Repo.Full($"src/{project}/{project}.csproj")).Descendants("PackageReference")
        select $"{project} takes the package {(string?)package.Attribute("Include")}; the lower floors stand on the runtime alone");
}
