namespace Mimir.Cli.Commands;

/// <summary>Finds what a mistyped name may have meant.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the fewest letters to change, if they are few enough to be a slip; one that ends or starts with it otherwise.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        var all = candidates.ToList();
        var best = all.Select(c => (Name: c, Distance: Distance(name, c))).OrderBy(c => c.Distance).FirstOrDefault();
        if (best.Name is not null && best.Distance <= Math.Max(1, name.Length / 3))
        {
            return best.Name;
        }

        // The name a server uses itself, without the prefix that clients see.
        return name.Length < 3 ? null : all.FirstOrDefault(c =>
            c.EndsWith(name, StringComparison.OrdinalIgnoreCase) || c.StartsWith(name, StringComparison.OrdinalIgnoreCase));
    }

    private static int Distance(string a, string b)
    {
        if (a.Length > 128 || b.Length > 128)
        {
            return int.MaxValue;
        }

        var above = Enumerable.Range(0, b.Length + 1).ToArray();
        var row = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + change);
            }

            (above, row) = (row, above);
        }

        return above[b.Length];
    }
}
