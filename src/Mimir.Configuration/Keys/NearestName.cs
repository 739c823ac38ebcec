namespace Mimir.Configuration.Keys;

/// <summary>Finds the word a human most likely meant: fewest letters inserted, removed, replaced or swapped with their neighbour.</summary>
internal static class NearestName
{
    private const int MaxLength = 64;

    /// <summary>The nearest candidate, ignoring case.</summary>
    /// <param name="written">What stands in the file.</param>
    /// <param name="candidates">What could stand there.</param>
    /// <returns>The nearest one (the first of several), or null when none is near: more than a third of the longer word differs.</returns>
    public static string? Find(string written, IEnumerable<string> candidates)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            if (written.Length > MaxLength || candidate.Length > MaxLength)
            {
                continue;
            }

            var distance = Distance(written, candidate);
            if (distance < bestDistance && distance <= Math.Max(written.Length, candidate.Length) / 3)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>The number of single edits between two words of at most 64 letters, ignoring ASCII case.</summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> before = stackalloc int[MaxLength + 1];
        Span<int> last = stackalloc int[MaxLength + 1];
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                var least = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    least = Math.Min(least, before[j - 2] + 1);
                }

                row[j] = least;
            }

            // The rows trade places: what was written last becomes the row above.
            var spare = before;
            before = last;
            last = row;
            row = spare;
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
