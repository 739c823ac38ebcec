using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Compilation;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;
using Mimir.Configuration.Validation;

namespace Mimir.Configuration.Backends;

/// <summary>Turns one backend into a server.</summary>
/// <param name="defaults">What holds where it says nothing.</param>
/// <param name="shared">The namespaces that several backends have.</param>
/// <param name="issues">Told what is wrong.</param>
internal sealed class BackendEntry(BackendsDefaults defaults, IReadOnlySet<string> shared, IssueList issues)
{
    /// <summary>Turns.</summary>
    /// <param name="item">The backend.</param>
    /// <returns>The server under its name; null when it has none.</returns>
    public ConfigMember? Turn(ConfigNode item)
    {
        var known = KnownMembers.Of(item, BackendKeys.Table, issues);
        var members = new Dictionary<string, ConfigMember>(StringComparer.Ordinal);
        ConfigNode? name = null;
        foreach (var (spec, node) in known)
        {
            switch (spec.Name)
            {
                case "name":
                    name = Word(spec, node);
                    break;
                case "namespace" when Word(spec, node) is { } word:
                    AddNamespace(word, members);
                    break;
                case "source":
                    AddSource(node, item, members);
                    break;
                case "routes":
                    Add(members, spec.Name, Routes(node));
                    break;
                case "healthCheck" or "circuitBreaker":
                    Add(members, spec.Name, node.WithoutNulls());
                    break;
                case not "namespace":
                    Add(members, spec.Name, node);
                    break;
            }
        }

        AddDefaults(item, members);
        if (name is null)
        {
            if (item.Kind == ConfigKind.Object && item.Find("name") is null)
            {
                issues.Error(item, "has no name", "Write \"name: \" and a word of your choice");
            }

            return null;
        }

        return new ConfigMember(name.Text, name.Mark, ConfigNode.Object(item.Mark, item.Path, [.. members.Values]));
    }

    private static void Add(Dictionary<string, ConfigMember> members, string name, ConfigNode node) => members[name] = new ConfigMember(name, node.Mark, node);

    private static ConfigNode With(ConfigNode node, string name, ConfigNode? value, KeyTable table) =>
        value is null || node.Kind != ConfigKind.Object || node.Members.Any(member => table.Find(member.Name)?.Name == name)
            ? node
            : ConfigNode.Object(node.Mark, node.Path, node.Members.Add(new ConfigMember(name, value.Mark, value)));

    /// <summary>A name or namespace: others are told apart by it before any variable is read.</summary>
    private ConfigNode? Word(KeySpec spec, ConfigNode node)
    {
        if (node.Kind != ConfigKind.String)
        {
            issues.WrongKind(node, "a string", $"{spec.Name}: {spec.Example}");
            return null;
        }

        if (Expander.Holds(node.Text))
        {
            issues.Error(node, "takes no variables", "Write it out");
            return null;
        }

        if (node.Text.Length < spec.Min || node.Text.Length > spec.Max)
        {
            issues.Error(node, node.Text.Length == 0 ? "is empty" : $"has {node.Text.Length} characters", $"Write {spec.Bounds} characters, e.g. {spec.Example}");
            return null;
        }

        return node;
    }

    private void AddNamespace(ConfigNode node, Dictionary<string, ConfigMember> members)
    {
        var prefix = PrefixRules.IsPrefix(node.Text) ? node.Text : PrefixMaker.Derive(node.Text, ".");
        if (prefix != node.Text)
        {
            issues.Warning(node, $"is {prefix} before names: they take letters, digits and underscores, and begin with a letter", "Write it so, or leave it if that suits you");
        }

        Add(members, "prefix", BackendsTree.Text(node, prefix));
        if (shared.Contains(node.Text))
        {
            Add(members, "cluster", BackendsTree.Text(node, node.Text));
        }
    }

    private void AddSource(ConfigNode node, ConfigNode item, Dictionary<string, ConfigMember> members)
    {
        var url = item.Members.FirstOrDefault(member => BackendKeys.Table.Find(member.Name)?.Name == "url");
        if (url is not null)
        {
            issues.Error(node, $"says the same as url on line {url.Mark.Line}", "Remove one of the two; url is the better spelling");
        }
        else if (node.Kind == ConfigKind.String && !node.Text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            && !node.Text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !node.Text.StartsWith("${", StringComparison.Ordinal))
        {
            issues.Error(
                node,
                "is no http address, and nothing is installed by its name",
                "Write what starts the server instead: \"command: uvx\" and \"args: [PACKAGE]\", or e.g. \"args: [--from, git+https://github.com/OWNER/REPO, PROGRAM]\"");

            // The rest of the backend is looked at as that of one that is reached somehow.
            Add(members, "url", BackendsTree.Text(node, "http://localhost/"));
        }
        else
        {
            Add(members, "url", node);
        }
    }

    private ConfigNode Routes(ConfigNode node)
    {
        if (node.Kind != ConfigKind.Array)
        {
            return node;
        }

        var items = ImmutableArray.CreateBuilder<ConfigNode>(node.Items.Length);
        foreach (var item in node.Items)
        {
            var route = item.WithoutNulls();
            var isTo = route.Members.Any(member => RouteKeys.Table.Find(member.Name)?.Name == "fallbackTo");

            // A default of fallback has a meaning only where there is something to fall back to.
            items.Add(defaults.Strategy?.Text == "fallback" && !isTo ? route : With(route, "strategy", defaults.Strategy, RouteKeys.Table));
        }

        return ConfigNode.Array(node.Mark, node.Path, items.MoveToImmutable());
    }

    /// <summary>Every backend of such a file has a breaker and is asked how it is.</summary>
    private void AddDefaults(ConfigNode item, Dictionary<string, ConfigMember> members)
    {
        if (!members.ContainsKey("circuitBreaker"))
        {
            Add(members, "circuitBreaker", ConfigNode.Object(item.Mark, item.Path.Member("circuit_breaker"), []));
        }

        var health = members.TryGetValue("healthCheck", out var written)
            ? written.Value
            : ConfigNode.Object(item.Mark, item.Path.Member("health_check"), []);
        health = With(health, "interval", defaults.HealthInterval, HealthKeys.Table);
        Add(members, "healthCheck", With(health, "timeout", defaults.HealthTimeout, HealthKeys.Table));
        if (defaults.CallTimeout is { } timeout && !members.ContainsKey("callTimeout"))
        {
            Add(members, "callTimeout", timeout);
        }
    }
}
