using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Mcpmu;

/// <summary>Sorts <c>toolPermissions</c> into the namespaces and servers they are of.</summary>
internal sealed class McpmuPermissions(IssueList issues)
{
    private readonly Dictionary<string, Dictionary<string, List<Permission>>> _spaces = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Reads the list. Of two that speak of one tool the later holds, as it does where the file comes from.</summary>
    public void Read(KeySpec spec, ConfigNode list)
    {
        foreach (var item in GroupList.Read(spec, list, issues) ?? [])
        {
            var words = new Dictionary<string, ConfigNode>(StringComparer.Ordinal);
            foreach (var (key, node) in KnownMembers.Of(item, McpmuKeys.Permission, issues))
            {
                if (node.Kind == (key.Name == "enabled" ? ConfigKind.Boolean : ConfigKind.String))
                {
                    words[key.Name] = node;
                }
                else
                {
                    issues.WrongKind(node, key.Name == "enabled" ? "a boolean" : "a string", $"\"{key.Name}\": {key.Example}");
                }
            }

            if (words.Count < McpmuKeys.Permission.Keys.Length)
            {
                foreach (var key in McpmuKeys.Permission.ReadNames.Where(key => item.Kind == ConfigKind.Object && item.Find(key) is null))
                {
                    issues.Error(item, $"has no {key}", "Write namespace, server, toolName and enabled");
                }

                continue;
            }

            var servers = Of(_spaces, words["namespace"].Text);
            var tools = Of(servers, words["server"].Text);
            tools.RemoveAll(p => p.Tool.Text == words["toolName"].Text);
            tools.Add(new Permission(words["toolName"], words["enabled"].Text == "true", words["namespace"]));
        }
    }

    /// <summary>Turns a namespace, with what was read of it.</summary>
    public ConfigNode Namespace(ConfigMember space)
    {
        _known.Add(space.Name);
        var members = ImmutableArray.CreateBuilder<ConfigMember>();
        var defaults = new Dictionary<string, ConfigNode>(StringComparer.Ordinal);
        var denies = false;
        ConfigNode? servers = null;
        foreach (var (spec, node) in KnownMembers.Of(space.Value.WithoutNulls(), McpmuKeys.Namespace, issues))
        {
            switch (spec.Name)
            {
                case "serverIds":
                    servers = node;
                    members.Add(new ConfigMember("servers", node.Mark, node));
                    break;
                case "serverDefaults":
                    Defaults(node, defaults);
                    break;
                default:
                    denies |= spec.Name == "denyByDefault" && node.Text == "true";
                    members.Add(new ConfigMember(spec.Name, node.Mark, node));
                    break;
            }
        }

        var tools = _spaces.GetValueOrDefault(space.Name) ?? [];
        var named = denies && servers is not null ? servers.Items.Where(static s => s.Kind == ConfigKind.String).ToDictionary(static s => s.Text, StringComparer.Ordinal) : [];
        var entries = defaults.Keys.Union(tools.Keys, StringComparer.Ordinal).Union(named.Keys, StringComparer.Ordinal).Select(server => Entry(space, server, defaults.GetValueOrDefault(server), tools.GetValueOrDefault(server) ?? [], named.GetValueOrDefault(server), denies));
        if (defaults.Count + tools.Count + named.Count > 0)
        {
            members.Add(new ConfigMember("permissions", space.Mark, ConfigNode.Object(space.Value.Mark, space.Value.Path, [.. entries])));
        }

        return ConfigNode.Object(space.Value.Mark, space.Value.Path, members.ToImmutable());
    }

    /// <summary>Tells of permissions in namespaces that there are not.</summary>
    public void TellOfOthers()
    {
        foreach (var (_, servers) in _spaces.Where(s => !_known.Contains(s.Key)))
        {
            var at = servers.Values.First()[0].Namespace;
            issues.Error(at, "names a namespace that there is not", NearestName.Find(at.Text, _known) is { } nearest ? $"Did you mean {Legible.Text(nearest)}?" : "Add it under namespaces, or remove the permission");
        }
    }

    private static TValue Of<TValue>(Dictionary<string, TValue> map, string name)
        where TValue : new() => map.TryGetValue(name, out var value) ? value : map[name] = new TValue();

    private static ConfigMember Entry(ConfigMember space, string server, ConfigNode? byDefault, List<Permission> tools, ConfigNode? named, bool denies)
    {
        var at = byDefault ?? (tools.Count > 0 ? tools[0].Tool : named!);
        var members = ImmutableArray.CreateBuilder<ConfigMember>();

        // To allow one tool says nothing of the others, and with us it would.
        var word = (byDefault is null ? denies : byDefault.Text == "true") ? "deny" : "allow";
        members.Add(new ConfigMember("default", at.Mark, ConfigNode.Scalar(ConfigKind.String, at.Mark, at.Path, word)));
        if (word == "deny")
        {
            // There, what is denied and allowed are tools alone.
            ConfigNode all = ConfigNode.Array(at.Mark, at.Path, [ConfigNode.Scalar(ConfigKind.String, at.Mark, at.Path, "*")]);
            members.Add(new ConfigMember("allowedPrompts", at.Mark, all));
            members.Add(new ConfigMember("allowedResources", at.Mark, all));
        }

        foreach (var group in tools.GroupBy(t => t.IsAllowed))
        {
            var first = group.First().Tool;
            members.Add(new ConfigMember(group.Key ? "allowedTools" : "deniedTools", first.Mark, ConfigNode.Array(first.Mark, first.Path, [.. group.Select(t => t.Tool)])));
        }

        return new ConfigMember(server, at.Mark, ConfigNode.Object(at.Mark, space.Value.Path.Member("permissions").Member(server), members.ToImmutable()));
    }

    private void Defaults(ConfigNode node, Dictionary<string, ConfigNode> defaults)
    {
        if (node.Kind != ConfigKind.Object)
        {
            issues.WrongKind(node, "an object of booleans", """{ "files": true }""");
        }

        foreach (var server in node.Members)
        {
            if (server.Value.Kind == ConfigKind.Boolean)
            {
                defaults[server.Name] = server.Value;
            }
            else
            {
                issues.WrongKind(server.Value, "a boolean", "true to deny, false to allow");
            }
        }
    }

    private sealed record Permission(ConfigNode Tool, bool IsAllowed, ConfigNode Namespace);
}
