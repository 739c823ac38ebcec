namespace Mimir.Architecture.Repository;

/// <summary>Fails with every complaint at once, one a line.</summary>
internal static class Verdict
{
    public static void None(IEnumerable<string> complaints)
    {
        string[] found = [.. complaints.Order(StringComparer.Ordinal)];
        Assert.True(found.Length == 0, string.Join(Environment.NewLine, found));
    }
}
