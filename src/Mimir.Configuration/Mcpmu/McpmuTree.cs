using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Merging;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Mcpmu;

/// <summary>
/// Turns the tree of mcpmu's <c>config.json</c> into that of a <c>mimir.json</c>, each value with its own place. Nothing is replaced in
/// its texts: that program knows no variables but those it names by <c>bearer_token_env_var</c> and <c>env_http_headers</c>.
/// </summary>
internal sealed class McpmuTree(IssueList issues)
{
    private static readonly string[] Marks = ["schemaVersion", "toolPermissions", "daemonMode", "lastModified"];

    /// <summary>Whether a tree is one: by a key that only that program writes.</summary>
    public static bool IsOne(ConfigNode root) =>
        root.Find(ServerMerge.Key) is null
        && (Marks.Any(mark => root.Find(mark) is not null)
            || (root.Find("namespaces")?.Value.Members.Any(space => space.Value.Find("serverIds") is not null || space.Value.Find("serverDefaults") is not null) ?? false));

    /// <summary>Turns.</summary>
    public ConfigNode Turn(ConfigNode root)
    {
        root = LiteralText.Escape(root);
        var top = ImmutableArray.CreateBuilder<ConfigMember>();
        ConfigMember? spaces = null;
        var permissions = new McpmuPermissions(issues);
        foreach (var (spec, node) in KnownMembers.Of(root, McpmuKeys.Table, issues))
        {
            switch (spec.Name)
            {
                case "servers":
                    top.Add(new ConfigMember(ServerMerge.Key, node.Mark, Map(spec, node, Server)));
                    break;
                case "namespaces":
                    spaces = new ConfigMember(spec.Name, node.Mark, node);
                    break;
                case "toolPermissions":
                    permissions.Read(spec, node);
                    break;
                case "defaultNamespace" when node is { Kind: ConfigKind.String, Text.Length: 0 }:
                    break;
                case "defaultNamespace" or "naming" or "limits" or "$schema":
                    top.Add(new ConfigMember(spec.Name, node.Mark, node));
                    break;
            }
        }

        if (spaces is not null)
        {
            var spec = McpmuKeys.Table.Find("namespaces")!;
            top.Add(spaces with { Value = Map(spec, spaces.Value, space => permissions.Namespace(space)) });
        }

        permissions.TellOfOthers();
        var turned = ConfigNode.Object(root.Mark, root.Path, top.ToImmutable());

        // Its clients know names with a dot, descriptions with the server's name before them, and how long a list waits.
        turned = Default(turned, "naming", "separator", ConfigKind.String, ".");
        turned = Default(turned, "naming", "labelDescriptions", ConfigKind.Boolean, "true");
        return Default(turned, "limits", "listGrace", ConfigKind.String, "8s");
    }

    private static ConfigNode Default(ConfigNode root, string group, string name, ConfigKind kind, string text) =>
        GroupMerge.Default(root, group, name, ConfigNode.Scalar(kind, ConfigMark.Whole(root.Mark.File), KeyPath.Top.Member(group).Member(name), text));

    private ConfigNode Map(KeySpec spec, ConfigNode node, Func<ConfigMember, ConfigNode> turn) => ConfigNode.Object(
        node.Mark, node.Path, GroupMap.Read(spec, node, issues, member => member with { Value = turn(member) }));

    private ConfigNode Server(ConfigMember server)
    {
        var members = ImmutableArray.CreateBuilder<ConfigMember>();
        var headers = ImmutableArray.CreateBuilder<ConfigMember>();
        var place = server.Value;
        foreach (var (spec, node) in KnownMembers.Of(server.Value.WithoutNulls(), McpmuKeys.Server, issues))
        {
            switch (spec.Name)
            {
                case "kind":
                    Add(members, "type", node.Text == "streamable_http" ? Text(node, "http") : node);
                    break;
                case "shared":
                    if (node is { Kind: ConfigKind.Boolean, Text: "false" })
                    {
                        Add(members, "sharing", Text(node, "session"));
                    }
                    else if (node.Kind != ConfigKind.Boolean)
                    {
                        issues.WrongKind(node, "a boolean", "\"shared\": true");
                    }

                    break;
                case "bearer_token_env_var":
                    Header(headers, "Authorization", node, "Bearer ", node.Mark);
                    break;
                case "http_headers":
                    place = node;
                    headers.AddRange(node.Members);
                    Expect(node);
                    break;
                case "env_http_headers":
                    foreach (var header in node.Members)
                    {
                        Header(headers, header.Name, header.Value, "", header.Mark);
                    }

                    Expect(node);
                    break;
                case "startup_timeout_sec":
                    Add(members, "startupTimeout", node);
                    break;
                case "tool_timeout_sec":
                    Add(members, "callTimeout", node);
                    break;
                default:
                    Add(members, spec.Name, node);
                    break;
            }
        }

        if (headers.Count > 0)
        {
            Add(members, "headers", ConfigNode.Object(place.Mark, place.Path, headers.ToImmutable()));
        }

        return ConfigNode.Object(server.Value.Mark, server.Value.Path, members.ToImmutable());
    }

    private static void Add(ImmutableArray<ConfigMember>.Builder members, string name, ConfigNode node) => members.Add(new ConfigMember(name, node.Mark, node));

    private static ConfigNode Text(ConfigNode at, string text) => ConfigNode.Scalar(ConfigKind.String, at.Mark, at.Path, text);

    private void Expect(ConfigNode headers)
    {
        if (headers.Kind != ConfigKind.Object)
        {
            issues.WrongKind(headers, "an object of strings", """{ "X-Key": "..." }""");
        }
    }

    private void Header(ImmutableArray<ConfigMember>.Builder headers, string name, ConfigNode variable, string before, ConfigMark mark)
    {
        if (headers.Any(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            issues.Error(variable, $"sets {Legible.Text(name)} a second time", "Say it once: in http_headers, in env_http_headers or by bearer_token_env_var");
        }
        else if (variable.Kind != ConfigKind.String || variable.Text.Length == 0 || !variable.Text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            // It may be the token itself, so it is not repeated.
            issues.Error(variable, "is no name of an environment variable", "Write the name, e.g. \"API_TOKEN\", and set the variable where Mimir is started");
        }
        else
        {
            headers.Add(new ConfigMember(name, mark, Text(variable, $"{before}${{{variable.Text}}}")));
        }
    }
}
