using Mimir.Architecture.Metadata;
using Mimir.Architecture.Repository;
using Mimir.Architecture.Rules;

namespace Mimir.Architecture;

public sealed class FolderArrowsTests
{
    private static readonly FolderGraph Router = new(Built.Projects["Mimir.Router"].Uses, RouterFolders.Root);

    [Fact]
    public void Folders_InsideAProject_AreAcyclic() =>
        Verdict.None(Built.Projects.SelectMany(project => new FolderGraph(project.Value.Uses, project.Key).Cycles()));

    [Fact]
    public void RouterFolders_EveryArrow_IsInTheTable() => Verdict.None(
        from arrow in Router.Below(RouterFolders.Root)
        where !RouterFolders.Known.Contains(arrow.From) || !RouterFolders.Known.Contains(arrow.To) || !RouterFolders.Allows(arrow.From, arrow.To)
        select $"{arrow.From} -> {arrow.To}: {arrow.Because.From} names {arrow.Because.To} (Rules/RouterFolders.cs)");

    [Fact]
    public void RouterFolders_EveryType_LiesInAKnownOne() => Verdict.None(
        from type in Built.Projects["Mimir.Router"].Types
        let folder = type.Namespace.Split('.').ElementAtOrDefault(2) ?? FolderGraph.Itself
        where type.Namespace.StartsWith(RouterFolders.Root, StringComparison.Ordinal) && !RouterFolders.Known.Contains(folder)
        select $"{type.FullName} lies in no folder of Rules/RouterFolders.cs");

    [Fact]
    public void Policies_OfOneAnother_KnowNothing() => Verdict.None(
        from arrow in Router.Below("Mimir.Router.Policies")
        where arrow.From != FolderGraph.Itself && arrow.To != FolderGraph.Itself
        select $"policy {arrow.From} names {arrow.Because.To} of policy {arrow.To}");

    [Fact]
    public void Cycles_TwoSampleFoldersNamingEachOther_AreFound()
    {
        var graph = new FolderGraph(Built.Samples.Uses, "Mimir.Architecture.Samples.Loop");

        Assert.Equal(2, graph.Cycles().Count());
    }

    [Fact]
    public void Cycles_SampleFoldersInALine_AreNone()
    {
        var graph = new FolderGraph(Built.Samples.Uses, "Mimir.Architecture.Samples.Line");

        Assert.Empty(graph.Cycles());
        Assert.Equal([("Upper", "Lower")], graph.Below("Mimir.Architecture.Samples.Line").Select(arrow => (arrow.From, arrow.To)));
    }

    [Theory]
    [InlineData("Listeners", "Model", true)]
    [InlineData("Engine", "Policies", true)]
    [InlineData("Model", "Telemetry", false)]
    [InlineData("Upstreams", "Catalog", false)]
    [InlineData("Policies", "Resilience", false)]
    public void Allows_TwoFolders_FollowsTheTable(string from, string to, bool expected) => Assert.Equal(expected, RouterFolders.Allows(from, to));
}
