using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;
using Mimir.Router.Model;

namespace Mimir.Configuration.Validation;

/// <summary>Namespaces have names of their own and name servers that are configured; patterns are patterns.</summary>
internal sealed class PermissionRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        var servers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in config.Servers)
        {
            servers.Add(server.Name);
            CheckPatterns(server.Permissions, issues);
        }

        if (config.Management.HasTools)
        {
            servers.Add(ManagementModel.ServerName);
        }

        if (config.Management.HasSetup)
        {
            servers.Add(ManagementModel.SetupName);
        }

        if (config.Management.HasInventory)
        {
            servers.Add(ManagementModel.InventoryName);
        }

        foreach (var space in config.Namespaces)
        {
            CheckName(space, servers, issues);
            CheckServers(space, servers, issues);
            OverrideRules.Check(space, config, issues);
            foreach (var permission in space.Permissions)
            {
                CheckEntry(permission, space, issues);
                CheckPatterns(permission, issues);
            }
        }

        CheckDefault(config, issues);
    }

    private static void CheckName(NamespaceConfig space, HashSet<string> servers, IssueList issues)
    {
        if (ServerNameRules.Fault(space.Name) is var (message, remedy))
        {
            issues.Error(space.Source.Mark, space.Source.Value.Path, message, remedy);
        }
        else if (servers.Contains(space.Name))
        {
            issues.Error(space.Source.Mark, space.Source.Value.Path, "is the name of a server as well, and /mcp/NAME can lead to one of them only", "Give the namespace another name");
        }

        if (!space.Servers.IsGiven && space.Source.Value.Kind == ConfigKind.Object)
        {
            issues.Error(space.Source.Mark, space.Source.Value.Path, "names no servers", "Write \"servers\" with the names of those that are seen in it; [] for none");
        }
    }

    private static void CheckServers(NamespaceConfig space, HashSet<string> servers, IssueList issues)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, name) in space.Servers.Or([]))
        {
            if (name.HasValue && !servers.Contains(name.Value))
            {
                issues.Error(name.Source!, "names no configured server", Nearest(name.Value, servers));
            }
            else if (name.HasValue && !seen.Add(name.Value))
            {
                issues.Error(name.Source!, "is named twice", "Remove one of the two");
            }
        }
    }

    private static void CheckEntry(PermissionConfig permission, NamespaceConfig space, IssueList issues)
    {
        var source = permission.Source!;
        var names = space.Servers.Or([]).Where(s => s.Value.HasValue).Select(s => s.Value.Value).ToList();
        if (space.Servers.HasValue && !names.Contains(source.Name, StringComparer.Ordinal))
        {
            issues.Error(source.Mark, source.Value.Path, "is no server of this namespace", Nearest(source.Name, names));
        }
    }

    private static void CheckDefault(RouterConfig config, IssueList issues)
    {
        if (config.DefaultNamespace.HasValue && !config.Namespaces.Any(n => n.Name == config.DefaultNamespace.Value))
        {
            issues.Error(config.DefaultNamespace.Source!, "names no namespace", Nearest(config.DefaultNamespace.Value, config.Namespaces.Select(n => n.Name)));
        }

        NamespaceConfig? first = null;
        foreach (var space in config.Namespaces.Where(static n => n.IsDefault.Or(false)))
        {
            var source = space.IsDefault.Source!;
            if (config.DefaultNamespace.HasValue && config.DefaultNamespace.Value != space.Name)
            {
                issues.Error(source, $"says otherwise than defaultNamespace in {config.DefaultNamespace.Source!.Mark}", "Remove one of the two");
            }
            else if (first is not null)
            {
                issues.Error(source, $"is said of two namespaces: here and in {first.IsDefault.Source!.Mark}", "Remove one of the two");
            }

            first ??= space;
        }
    }

    private static void CheckPatterns(PermissionConfig permission, IssueList issues)
    {
        foreach (var list in permission.Lists)
        {
            PatternRules.Check(list.Or([]), issues);
        }
    }

    /// <summary>What to write instead of a name that is not known.</summary>
    internal static string Nearest(string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        return NearestName.Find(name, names) is { } nearest ? $"Did you mean {Legible.Text(nearest)}?"
            : names.Count == 0 ? "There is none: remove it" : $"Write one of {string.Join(", ", names.Take(20).Select(Legible.Text))}";
    }
}
