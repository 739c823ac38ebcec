using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads the whole tree.</summary>
internal static class RouterBinder
{
    /// <summary>Binds.</summary>
    /// <param name="root">The merged tree.</param>
    /// <param name="environment">Where variables are looked up.</param>
    /// <param name="secrets">Where secrets are.</param>
    /// <param name="issues">Told what is wrong; what could be read is returned all the same, so that it is checked as well.</param>
    public static RouterConfig Bind(ConfigNode root, IEnvironment environment, SecretLookup secrets, IssueList issues)
    {
        var expander = new Expander(environment, issues, secrets);
        var values = new ValueReader(issues, expander, mayLack: false);
        var config = new RouterConfig();
        foreach (var (spec, node) in KnownMembers.Of(root, RouterKeys.Table, issues))
        {
            config = spec.Name switch
            {
                "mcpServers" => config with { Servers = Servers(spec, node, expander, secrets, issues) },
                "clusters" => config with { Clusters = RoutingBinder.Clusters(spec, node, values, issues) },
                "namespaces" => config with { Namespaces = PermissionBinder.Namespaces(spec, node, values, issues) },
                "defaultNamespace" => config with { DefaultNamespace = values.Text(spec, node) },
                "retry" => config with { Retry = RoutingBinder.Retry(node, values, issues) },
                "naming" => config with { Naming = Naming(node, values, issues) },
                "limits" => config with { Limits = LimitsBinder.Bind(node, values, issues) },
                "audit" => config with { Audit = AuditBinder.Bind(node, values, issues) },
                "management" => config with { Management = Management(node, values, issues) },
                _ => config,
            };
        }

        return config with { Audit = AuditBinder.Fill(config.Audit, values, environment) };
    }

    private static ImmutableArray<ServerConfig> Servers(KeySpec spec, ConfigNode node, Expander expander, SecretLookup secrets, IssueList issues)
    {
        if (node.Kind != ConfigKind.Object)
        {
            issues.WrongKind(node, "an object", $"\"{spec.Name}\": {spec.Example}");
            return [];
        }

        var servers = ImmutableArray.CreateBuilder<ServerConfig>(node.Members.Length);
        foreach (var member in node.Members)
        {
            servers.Add(ServerBinder.Bind(member, expander, secrets, issues));
        }

        return servers.MoveToImmutable();
    }

    private static ManagementConfig Management(ConfigNode node, ValueReader values, IssueList issues)
    {
        var management = new ManagementConfig();
        foreach (var (spec, value) in KnownMembers.Of(node, ManagementKeys.Table, issues))
        {
            management = spec.Name switch
            {
                "tools" => management with { Tools = values.Flag(spec, value) },
                "changes" => management with { Changes = values.Flag(spec, value) },
                "policy" => management with { Policy = values.TextMap(spec, value) },
                "families" => management with { Families = values.TextList(spec, value) },
                "inventory" => management with { Inventory = values.Flag(spec, value) },
                _ => management,
            };
        }

        return management;
    }

    private static NamingConfig Naming(ConfigNode node, ValueReader values, IssueList issues)
    {
        var naming = new NamingConfig();
        foreach (var (spec, value) in KnownMembers.Of(node, NamingKeys.Table, issues))
        {
            naming = spec.Name switch
            {
                "separator" => naming with { Separator = values.Text(spec, value) },
                "prefix" => naming with { Prefix = values.Choice(spec, value) },
                "labelDescriptions" => naming with { LabelDescriptions = values.Flag(spec, value) },
                _ => naming,
            };
        }

        return naming;
    }
}
