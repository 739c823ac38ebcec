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
    private const string Remedy = "\"management\": { \"tools\": false }";
    private static readonly string[] s_verdicts = ["allow", "confirm", "deny"];
    private static readonly string[] s_families = [ManagementModel.McpmuFamily, ManagementModel.InstanceFamily];

    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        CheckPolicy(config.Management, issues);
        foreach (var (_, family) in config.Management.Families.Or([]))
        {
            if (family.HasValue && !s_families.Contains(family.Value, StringComparer.Ordinal))
            {
                issues.Error(family.Source!, "is no family of tools", Nearest(family.Value, s_families));
            }
        }

        foreach (var server in config.Servers)
        {
            var prefix = server.Prefix.HasValue ? server.Prefix.Value : null;
            if (Is(config.Management.HasTools, server.Name, ManagementModel.ServerName) || Is(config.Management.HasSetup, server.Name, ManagementModel.SetupName))
            {
                issues.Error(server.Source.Mark, server.Source.Value.Path, "the name is that of Mimir's own tools", $"Write another name, or {Remedy}");
            }
            else if (prefix is not null && (Is(config.Management is { HasTools: true, IsPromised: false }, prefix, ManagementModel.ServerName)
                || (config.Management.HasSetup && ManagementModel.SetupPrefixes.Contains(prefix, StringComparer.Ordinal))))
            {
                issues.Error(server.Prefix.Source!, "the prefix is that of Mimir's own tools", $"Write another prefix, or {Remedy}");
            }
        }
    }

    private static bool Is(bool wanted, string name, string own) => wanted && name == own;

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
