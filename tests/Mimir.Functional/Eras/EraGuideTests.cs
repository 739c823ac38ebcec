using Mimir.Functional.Harness;

namespace Mimir.Functional.Eras;

/// <summary>What the guide promises about eras is what the matrix holds.</summary>
public sealed class EraGuideTests
{
    [Fact]
    public async Task Guide_OfEras_GivesTheReasonOfEveryLimit()
    {
        var guide = await File.ReadAllTextAsync(Repository.At("docs", "guide", "eras.md"), TestContext.Current.CancellationToken);

        Assert.All(EraLimits.All, limit => Assert.Contains($"| {limit.Feature} | {limit.Reason} |", guide, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Guide_OfEras_NamesNoLimitThatTheMatrixDoesNotHave()
    {
        var guide = await File.ReadAllLinesAsync(Repository.At("docs", "guide", "eras.md"), TestContext.Current.CancellationToken);
        var rows = guide.Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Split('|').Length == 4 && line.TrimEnd().EndsWith(". |", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Contains(EraLimits.All, limit => row == $"| {limit.Feature} | {limit.Reason} |"));
    }
}
