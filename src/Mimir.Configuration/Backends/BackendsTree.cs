using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Backends;

/// <summary>
/// Turns the tree of a backends file into that of a <c>mimir.json</c>, each value with its own place, so that everything after
/// it (binding, rules, compiling) is the same for both.
/// </summary>
/// <param name="defaults">What holds where the file says nothing.</param>
/// <param name="values">Reads what must be known already here.</param>
/// <param name="issues">Told what is wrong.</param>
internal sealed class BackendsTree(BackendsDefaults defaults, ValueReader values, IssueList issues)
{
    /// <summary>Turns.</summary>
    /// <param name="root">The tree of the file.</param>
    /// <returns>Its backends as servers, and an object of what else <c>mimir.json</c> holds at the top.</returns>
    public (ImmutableArray<ConfigMember> Servers, ConfigNode Top) Turn(ConfigNode root)
    {
        var members = KnownMembers.Of(root.WithoutNulls(), BackendsKeys.Table, issues);
        var routing = members.Find(member => member.Spec.Name == "routing").Value;
        var naming = members.Find(member => member.Spec.Name == "naming").Value;
        var top = ImmutableArray.CreateBuilder<ConfigMember>();
        foreach (var (spec, node) in members)
        {
            if (spec.Name is "clusters" or "limits")
            {
                top.Add(new ConfigMember(spec.Name, node.Mark, node));
            }
        }

        var effective = defaults;
        foreach (var (spec, node) in routing is null ? [] : KnownMembers.Of(routing.WithoutNulls(), RoutingKeys.Table, issues))
        {
            switch (spec.Name)
            {
                case "default_strategy" when values.Choice(spec, node) is { HasValue: true } strategy:
                    effective = effective with { Strategy = Text(node, strategy.Value) };
                    break;
                case "enable_namespace_prefixing" when values.Flag(spec, node) is { HasValue: true } isOn:
                    naming = WithPrefix(naming, Text(node, isOn.Value ? "always" : "never"));
                    break;
                case "request_timeout_seconds" when values.Duration(spec, node).HasValue:
                    effective = effective with { CallTimeout = node };
                    break;
                case "retry":
                    top.Add(new ConfigMember(spec.Name, node.Mark, node.WithoutNulls()));
                    break;
            }
        }

        if (naming is not null)
        {
            top.Add(new ConfigMember("naming", naming.Mark, naming));
        }

        var backends = members.Find(member => member.Spec.Name == "backends");
        if (backends.Value is null && root.Kind == ConfigKind.Object && root.Find("backends") is null)
        {
            issues.Error(root, "has no backends", "Write \"backends:\" and below it a list of them, or \"backends: []\" for none");
        }

        return (Servers(backends.Spec, backends.Value, effective), ConfigNode.Object(root.Mark, KeyPath.Top, top.ToImmutable()));
    }

    /// <summary>A string in the place of what was written another way.</summary>
    internal static ConfigNode Text(ConfigNode at, string text) => ConfigNode.Scalar(ConfigKind.String, at.Mark, at.Path, text);

    private ImmutableArray<ConfigMember> Servers(KeySpec? spec, ConfigNode? list, BackendsDefaults effective)
    {
        if (spec is null || list is null)
        {
            return [];
        }

        if (list.Kind != ConfigKind.Array)
        {
            issues.WrongKind(list, "a list", "each backend below it, with \"- \" before its first key");
            return [];
        }

        if (list.Items.Length > spec.Max)
        {
            issues.Error(list, $"has {list.Items.Length} entries", $"Write at most {spec.Max}");
            return [];
        }

        var shared = list.Items
            .Select(item => item.Find("namespace")?.Value.Text ?? "")
            .Where(name => name.Length > 0)
            .CountBy(name => name, StringComparer.Ordinal)
            .Where(count => count.Value > 1)
            .Select(count => count.Key)
            .ToHashSet(StringComparer.Ordinal);
        var entry = new BackendEntry(effective, shared, issues);
        var servers = ImmutableArray.CreateBuilder<ConfigMember>(list.Items.Length);
        var seen = new Dictionary<string, ConfigMember>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (entry.Turn(item.WithoutNulls()) is not { } server)
            {
                continue;
            }

            if (seen.TryAdd(server.Name, server))
            {
                servers.Add(server);
            }
            else
            {
                issues.Error(server.Mark, item.Path, $"has the name of the backend on line {seen[server.Name].Mark.Line}", "Give one of the two another name");
            }
        }

        return servers.ToImmutable();
    }

    private ConfigNode WithPrefix(ConfigNode? naming, ConfigNode prefix)
    {
        var member = new ConfigMember("prefix", prefix.Mark, prefix);
        if (naming is not { Kind: ConfigKind.Object })
        {
            return naming ?? ConfigNode.Object(prefix.Mark, KeyPath.Top.Member("naming"), [member]);
        }

        if (naming.Find("prefix") is { } other)
        {
            issues.Error(prefix, $"says the same as naming.prefix on line {other.Mark.Line}", "Remove one of the two");
            return naming;
        }

        return ConfigNode.Object(naming.Mark, naming.Path, naming.Members.Add(member));
    }
}
