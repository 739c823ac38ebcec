using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Validation;

/// <summary>What a namespace shows otherwise names a server and a tool, each tool once, and gives no name twice.</summary>
internal static class OverrideRules
{
    /// <summary>Checks those of a namespace.</summary>
    public static void Check(NamespaceConfig space, RouterConfig config, IssueList issues)
    {
        if (space.Overrides.IsEmpty)
        {
            return;
        }

        var servers = space.Servers.Or([]).Where(static s => s.Value.HasValue).Select(static s => s.Value.Value).ToHashSet(StringComparer.Ordinal);
        var clusterOf = config.Servers.Where(static s => s.Cluster.HasValue).ToDictionary(static s => s.Name, static s => s.Cluster.Value, StringComparer.Ordinal);
        var owners = servers.Select(name => clusterOf.GetValueOrDefault(name, name)).ToHashSet(StringComparer.Ordinal);
        var (tools, names) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var shown in space.Overrides)
        {
            CheckWhole(shown, issues);
            if (shown.Server.HasValue && space.Servers.HasValue && !owners.Contains(shown.Server.Value))
            {
                var remedy = servers.Contains(shown.Server.Value)
                    ? $"It is a member of the cluster {clusterOf[shown.Server.Value]}: write that, for its tools are shown once for all members"
                    : PermissionRules.Nearest(shown.Server.Value, owners);
                issues.Error(shown.Server.Source!, "is no server of this namespace, and no cluster of its servers", remedy);
            }

            if (shown.Server.HasValue && shown.Tool.HasValue && !tools.Add(shown.Server.Value + "\0" + shown.Tool.Value))
            {
                issues.Error(shown.Tool.Source!, "is shown otherwise twice", "Make one entry of the two");
            }

            if (shown.Name.HasValue)
            {
                CheckName(shown, names, issues);
            }
        }
    }

    private static void CheckWhole(OverrideConfig shown, IssueList issues)
    {
        if (!shown.Server.IsGiven || !shown.Tool.IsGiven)
        {
            issues.Error(shown.Source, $"names no {(shown.Server.IsGiven ? "tool" : "server")}", "Write \"server\" and \"tool\"");
        }
        else if (!shown.Name.IsGiven && !shown.Description.IsGiven && !shown.Arguments.IsGiven)
        {
            issues.Error(shown.Source, "changes nothing", "Write \"name\", \"description\" or \"arguments\", or remove the entry");
        }
    }

    private static void CheckName(OverrideConfig shown, HashSet<string> names, IssueList issues)
    {
        var name = shown.Name.Value;
        if (!char.IsAsciiLetter(name[0]) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') || name.StartsWith("mcp__", StringComparison.Ordinal))
        {
            issues.Error(shown.Name.Source!, "is no name that every client takes", "Write 1 to 64 letters, digits and underscores, a letter first, and no mcp__");
        }
        else if (!names.Add(name))
        {
            issues.Error(shown.Name.Source!, "is given to two tools of this namespace", "Give one of them another name");
        }
    }
}
