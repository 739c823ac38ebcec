using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads who may see and call what.</summary>
internal static class PermissionBinder
{
    /// <summary>Reads one of the rows that a server's own entry and a namespace's have in common.</summary>
    public static PermissionConfig With(PermissionConfig config, KeySpec spec, ConfigNode node, ValueReader values) => spec.Name switch
    {
        "allowedTools" => config with { AllowedTools = values.TextList(spec, node) },
        "deniedTools" => config with { DeniedTools = values.TextList(spec, node) },
        "allowedPrompts" => config with { AllowedPrompts = values.TextList(spec, node) },
        "deniedPrompts" => config with { DeniedPrompts = values.TextList(spec, node) },
        "allowedResources" => config with { AllowedResources = values.TextList(spec, node) },
        "deniedResources" => config with { DeniedResources = values.TextList(spec, node) },
        _ => config,
    };

    /// <summary>Reads <c>namespaces</c>.</summary>
    public static ImmutableArray<NamespaceConfig> Namespaces(KeySpec spec, ConfigNode node, ValueReader values, IssueList issues) =>
        GroupMap.Read(spec, node, issues, member => Namespace(member, values, issues));

    private static NamespaceConfig Namespace(ConfigMember member, ValueReader values, IssueList issues)
    {
        var space = new NamespaceConfig(member.Name, member);
        foreach (var (spec, value) in KnownMembers.Of(member.Value, NamespaceKeys.Table, issues))
        {
            space = spec.Name switch
            {
                "description" => space with { Description = values.Text(spec, value) },
                "servers" => space with { Servers = values.TextList(spec, value) },
                "denyByDefault" => space with { DenyByDefault = values.Flag(spec, value) },
                "overrides" => space with { Overrides = OverrideBinder.Read(spec, value, values, issues) },
                "default" => space with { IsDefault = values.Flag(spec, value) },
                "mode" => space with { Mode = values.Choice(spec, value) },
                "permissions" => space with { Permissions = GroupMap.Read(spec, value, issues, entry => Permission(entry, values, issues)) },
                _ => space,
            };
        }

        return space;
    }

    private static PermissionConfig Permission(ConfigMember member, ValueReader values, IssueList issues)
    {
        var permission = new PermissionConfig { Source = member };
        foreach (var (spec, value) in KnownMembers.Of(member.Value, PermissionKeys.Table, issues))
        {
            permission = spec.Name == "default" ? permission with { Default = values.Choice(spec, value) } : With(permission, spec, value, values);
        }

        return permission;
    }
}
