namespace Mimir.Architecture.Repository;

/// <summary>exceptions.txt: what a rule lets pass, and why. A line: rule, subject, a dash, the reason.</summary>
internal static class ExceptionList
{
    private static readonly ILookup<string, (string Subject, string Reason)> ByRule = File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "exceptions.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(Parse)
        .ToLookup(entry => entry.Rule, entry => (entry.Subject, entry.Reason), StringComparer.Ordinal);

    /// <summary>The rules that have exceptions.</summary>
    public static IEnumerable<string> Rules => ByRule.Select(group => group.Key);

    /// <summary>
    /// Takes the excepted subjects away, and adds a complaint for every exception that nothing needs any more: a list that
    /// only grows hides the next offender.
    /// </summary>
    /// <param name="rule">The rule's name in the file.</param>
    /// <param name="offenders">What broke the rule: the subject as the list would name it, and the complaint.</param>
    public static IEnumerable<string> Apply(string rule, IEnumerable<(string Subject, string Complaint)> offenders)
    {
        var all = offenders.ToList();
        var excepted = ByRule[rule].Select(entry => entry.Subject).ToHashSet(StringComparer.Ordinal);
        return all.Where(offender => !excepted.Contains(offender.Subject)).Select(offender => offender.Complaint)
            .Concat(excepted.Except(all.Select(offender => offender.Subject)).Select(subject => $"exceptions.txt: nothing needs '{rule} {subject}' any more"));
    }

    private static (string Rule, string Subject, string Reason) Parse(string line)
    {
        int dash = line.IndexOf(" - ", StringComparison.Ordinal);
        string[] words = dash < 0 ? [] : line[..dash].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2 && line.Length > dash + 12
            ? (words[0], words[1], line[(dash + 3)..])
            : throw new FormatException($"exceptions.txt: '{line}' is not: RULE SUBJECT - REASON");
    }
}
