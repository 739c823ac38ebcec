using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Validation;

/// <summary>
/// While clients are given Mimir's own tools, no server has a name or a prefix that these stand under; and what is said of single tools can be understood.
/// </summary>
internal sealed class ManagementRules : IConfigValidator
{
    private static readonly string[] s_verdicts = ["allow", "confirm", "deny"];
    private static readonly string[] s_families = [ManagementModel.McpmuFamily, ManagementModel.InstanceFamily];

    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        var management = config.Management;
        CheckPolicy(management, issues);
        foreach (var (_, family) in management.Families.Or([]))
        {
            if (family.HasValue && !s_families.Contains(family.Value, StringComparer.Ordinal))
            {
                issues.Error(family.Source!, "is no family of tools", Nearest(family.Value, s_families));
            }
        }

        if (management.HasTools)
        {
            CheckServers(config, ManagementModel.ServerName, management.IsPromised ? [] : [ManagementModel.ServerName], "Mimir's own tools", "tools", issues);
        }

        if (management.HasSetup)
        {
            CheckServers(config, ManagementModel.SetupName, [.. ManagementModel.SetupPrefixes], "Mimir's own tools", "tools", issues);
        }

        if (management.HasInventory)
        {
            CheckServers(config, ManagementModel.InventoryName, [ManagementModel.InventoryName], "the inventory", "inventory", issues);
        }
    }

    private static void CheckServers(RouterConfig config, string name, string[] prefixes, string whose, string key, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            if (server.Name == name)
            {
                issues.Error(server.Source.Mark, server.Source.Value.Path, $"the name is that of {whose}", $"Write another name, or \"management\": {{ \"{key}\": false }}");
            }
            else if (server.Prefix.HasValue && prefixes.Contains(server.Prefix.Value, StringComparer.Ordinal))
            {
                issues.Error(server.Prefix.Source!, $"the prefix is that of {whose}", $"Write another prefix, or \"management\": {{ \"{key}\": false }}");
            }
        }
    }

    private static void CheckPolicy(ManagementConfig management, IssueList issues)
    {
        foreach (var (pattern, verdict) in management.Policy.Or([]))
        {
            if (pattern.Length is 0 or > Glob.MostCharacters)
            {
                issues.Error(verdict.Source!, "is under no pattern of a name", $"Write 1 to {Glob.MostCharacters} characters");
            }

            if (verdict.HasValue && !s_verdicts.Contains(verdict.Value, StringComparer.Ordinal))
            {
                issues.Error(verdict.Source!, verdict.IsSecret ? $"what it expands to is not one of {string.Join(", ", s_verdicts)}" : $"is not one of {string.Join(", ", s_verdicts)}", Nearest(verdict.Value, s_verdicts));
            }
        }
    }

    private static string Nearest(string written, string[] known) =>
        NearestName.Find(written, known) is { } nearest ? $"Did you mean \"{nearest}\"?" : $"Write one of {string.Join(", ", known)}";
}
