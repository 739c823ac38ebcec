using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Matches the members of an object with the rows of a table, and reports those that match none.</summary>
internal static class KnownMembers
{
    /// <summary>Walks an object.</summary>
    /// <param name="node">What should be the object.</param>
    /// <param name="table">The keys it may hold.</param>
    /// <param name="issues">Told about every key that is not read, and about two spellings of one key.</param>
    /// <returns>The keys that are read, each at most once, in written order.</returns>
    public static List<(KeySpec Spec, ConfigNode Value)> Of(ConfigNode node, KeyTable table, IssueList issues)
    {
        var known = new List<(KeySpec Spec, ConfigNode Value)>(node.Members.Length);
        if (node.Kind != ConfigKind.Object)
        {
            issues.WrongKind(node, "an object", "its keys between { and }");
            return known;
        }

        var first = new Dictionary<KeySpec, ConfigMember>(ReferenceEqualityComparer.Instance);
        foreach (var member in node.Members)
        {
            var path = node.Path.Member(member.Name);
            if (table.Find(member.Name) is not { } spec)
            {
                Unknown(member, path, table, issues);
            }
            else if (spec.Use == KeyUse.Refused)
            {
                issues.Error(member.Mark, path, "is not taken here", spec.Instead);
            }
            else if (spec.Use == KeyUse.Ignored)
            {
                issues.Warning(member.Mark, path, "has no effect here", spec.Instead);
            }
            else if (first.TryGetValue(spec, out var other))
            {
                issues.Error(
                    member.Mark,
                    path,
                    $"says the same as {Legible.Text(other.Name)} on line {other.Mark.Line}",
                    $"Remove one of the two; {spec.Name} is the better spelling");
            }
            else
            {
                first.Add(spec, member);
                known.Add((spec, member.Value));
            }
        }

        return known;
    }

    private static void Unknown(ConfigMember member, KeyPath path, KeyTable table, IssueList issues)
    {
        var written = table.Keys.Where(spec => spec.Use == KeyUse.Read).SelectMany(spec => spec.Aliases.Prepend(spec.Name));

        // What is a key elsewhere, letter for letter, is no misspelling of one here.
        var remedy = Elsewhere(member.Name, table, path) is { } home ? $"It belongs to {home}: move it there"
            : NearestName.Find(member.Name, written) is { } nearest ? $"Did you mean {nearest}?"
            : $"Remove it, or write one of {string.Join(", ", table.ReadNames)}";
        issues.Error(member.Mark, path, $"is not a key of {table.Owner}", remedy);
    }

    private static string? Elsewhere(string name, KeyTable table, KeyPath path)
    {
        var isBackend = table == BackendKeys.Table || table == BackendsKeys.Table || table == RoutingKeys.Table
            || path.ToString().StartsWith("backends[", StringComparison.Ordinal);
        foreach (var other in FileTables.Beside(table))
        {
            // The keys of overrides are words that may mean anything.
            if (other != table && other != OverrideKeys.Table && !(isBackend && other == MemoryKeys.Table) && other.Find(name) is { Use: KeyUse.Read })
            {
                if (isBackend && other == RouterKeys.Table)
                {
                    return "mimir.json in the same folder";
                }

                // What stands under mcpServers elsewhere stands under backends in a backends file.
                var home = isBackend ? other.Home.Replace(ServerKeys.Table.Home, BackendKeys.Table.Home, StringComparison.Ordinal) : other.Home;
                return home.Length == 0 || home == other.Owner ? other.Owner : $"{home} ({other.Owner})";
            }
        }

        return null;
    }
}
