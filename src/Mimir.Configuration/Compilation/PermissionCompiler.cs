using System.Collections.Immutable;
using Mimir.Configuration.Model;
using Mimir.Router.Model.Permissions;

namespace Mimir.Configuration.Compilation;

/// <summary>Turns who may see and call what, in a configuration without errors, into the model.</summary>
internal static class PermissionCompiler
{
    /// <summary>Compiles.</summary>
    public static PermissionsModel Compile(RouterConfig config)
    {
        var servers = ImmutableSortedDictionary.CreateBuilder<string, ServerPermissions>(StringComparer.Ordinal);
        foreach (var server in config.Servers)
        {
            // Of one that is switched off, a variable may be missing.
            if (server.IsOn && Permissions(server.Permissions) is { IsEmpty: false } permissions)
            {
                servers.Add(server.Name, permissions);
            }
        }

        return new PermissionsModel
        {
            Servers = servers.ToImmutable(),
            Namespaces = [.. config.Namespaces.Select(Namespace)],
            DefaultNamespace = config.DefaultNamespace.HasValue ? config.DefaultNamespace.Value : config.Namespaces.FirstOrDefault(static n => n.IsDefault.Or(false))?.Name,
        };
    }

    private static NamespaceModel Namespace(NamespaceConfig config)
    {
        var grants = ImmutableSortedDictionary.CreateBuilder<string, NamespaceGrant>(StringComparer.Ordinal);
        foreach (var permission in config.Permissions)
        {
            grants.Add(permission.Source!.Name, new NamespaceGrant(Permissions(permission), Default(permission, config)));
        }

        return new NamespaceModel(config.Name)
        {
            Description = config.Description.Or(""),
            Servers = Texts(config.Servers.Or([])),
            DeniesByDefault = config.DenyByDefault.Or(false),
            Grants = grants.ToImmutable(),
            Overrides = [.. config.Overrides.Select(Override)],
            IsMeta = config.Mode.Or("") == "meta",
        };
    }

    private static bool? Default(PermissionConfig permission, NamespaceConfig config) => permission.Default.Or("") switch
    {
        "allow" => true,
        "deny" => false,
        "inherit" => !config.DenyByDefault.Or(false),
        _ => null,
    };

    private static ToolOverride Override(OverrideConfig config) => new(config.Server.Value, config.Tool.Value)
    {
        Name = config.Name.HasValue ? config.Name.Value : null,
        Description = config.Description.HasValue ? config.Description.Value : null,
        Arguments = config.Arguments.Or([]).ToImmutableSortedDictionary(static a => a.Name, static a => a.Value.Value, StringComparer.Ordinal),
    };

    private static ServerPermissions Permissions(PermissionConfig config) => new(
        Rules(config.AllowedTools, config.DeniedTools),
        Rules(config.AllowedPrompts, config.DeniedPrompts),
        Rules(config.AllowedResources, config.DeniedResources));

    private static OfferRules Rules(Setting<IReadOnlyList<TextEntry>> allowed, Setting<IReadOnlyList<TextEntry>> denied) =>
        !allowed.HasValue && !denied.HasValue ? OfferRules.None
            : new OfferRules { Allowed = allowed.HasValue ? Texts(allowed.Value) : default, Denied = Texts(denied.Or([])) };

    private static ImmutableArray<string> Texts(IReadOnlyList<TextEntry> entries) => [.. entries.Select(static e => e.Value.Value)];
}
