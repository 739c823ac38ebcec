using System.Text.Json;

namespace Mimir.Embed.Older;

/// <summary>What the guide says the library brings along is what it brings along.</summary>
public sealed class DependencyTests
{
    [Fact]
    public void Guide_Assemblies_AreThoseThatItStandsOn()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Mimir.slnx"))) root = root.Parent!;
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(root.FullName, "src", "Mimir.Embed", "obj", "project.assets.json")));
        var rows = File.ReadAllLines(Path.Combine(root.FullName, "docs", "guide", "embedding.md"))
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => cells.Length == 5 && int.TryParse(cells[2], out _))
            .ToList();

        foreach (var (target, cell) in new[] { ("netstandard2.1", 2), ("net10.0", 3) })
        {
            var needed = assets.RootElement.GetProperty("targets").EnumerateObject().Single(t => t.NameEquals(target) || t.Name == ".NETStandard,Version=v2.1" && cell == 2).Value.EnumerateObject()
                .Where(static p => p.Value.TryGetProperty("runtime", out var files) && files.EnumerateObject().Any(static f => f.Name.EndsWith(".dll", StringComparison.Ordinal)))
                .Select(static p => p.Name.Split('/')[0]);
            Assert.Equal(needed.Order(StringComparer.Ordinal), rows.Where(r => r[cell].Length > 0).Select(static r => r[1]).Order(StringComparer.Ordinal));
        }
    }
}
