using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Validation;

/// <summary>All rules.</summary>
internal static class ConfigValidators
{
    private static readonly IConfigValidator[] All =
    [
        new ServerNameRules(),
        new TransportRules(),
        new ProcessRules(),
        new UrlRules(),
        new HeaderRules(),
        new PrefixRules(),
        new NamingRules(),
        new ClusterRules(),
        new RouteRules(),
        new FallbackRules(),
        new HealthRules(),
        new RepeatRules(),
        new ManagementRules(),
        new OwnServerRules(),
        new PermissionRules(),
        new CredentialRules(),
        new AuditRules(),
        new MemoryRules(),
    ];

    /// <summary>Runs every one, whatever the others find.</summary>
    public static void Check(RouterConfig config, IssueList issues)
    {
        foreach (var validator in All)
        {
            validator.Check(config, issues);
        }
    }
}
