using Mimir.Architecture.Metadata;
using Mimir.Architecture.Repository;
using Mimir.Architecture.Rules;

namespace Mimir.Architecture;

public sealed class TypeShapeTests
{
    [Fact]
    public void Files_OfTheSources_HoldOneTypeEach() =>
        Verdict.None(ExceptionList.Apply("one-type", Built.Projects.Values.SelectMany(Shapes.CrowdedFiles)));

    [Fact]
    public void Classes_OfTheSources_AreSealedUnlessDerivedFrom() =>
        Verdict.None(ExceptionList.Apply("sealed", Built.Projects.Values.SelectMany(Shapes.OpenClasses)));

    [Fact]
    public void Namespaces_OfTheSources_AreTheirFolders() => Verdict.None(Built.Projects.SelectMany(project => Shapes.Misplaced(project.Value, project.Key)));

    [Fact]
    public void CrowdedFiles_ASampleWithTwoTypes_IsFound() =>
        Assert.Contains(Shapes.CrowdedFiles(Built.Samples), found => found.Subject.EndsWith("Samples/Line/Lower/LowerSample.cs", StringComparison.Ordinal));

    [Fact]
    public void OpenClasses_AnOpenSample_IsFound() =>
        Assert.Contains(Shapes.OpenClasses(Built.Samples), found => found.Subject == "Mimir.Architecture.Samples.Line.Lower.LowerSample");
}
