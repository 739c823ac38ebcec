using System.Collections.Immutable;
using System.Globalization;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Instances;

/// <summary>
/// Turns the tree of <c>config.json</c> of the router whose instances are <c>data/NAME/mcp_settings.json</c> into that of a
/// <c>mimir.json</c>: its clients find its tools under the names they know, and change what it lets them change. What it says of
/// addresses, logs and a REST API is said to have no effect where it would have one there; a token that nobody would check is an error.
/// </summary>
internal sealed class InstanceRouterTree(IssueList issues)
{
    private const string DefaultHost = "127.0.0.1", DefaultPort = "3000", DefaultFolder = ConfigFiles.InstancesName;
    private ConfigNode? _host, _port, _mayChange;

    /// <summary>Whether the tree of a <c>config.json</c> is one: by an object that holds a key of such a file.</summary>
    public static bool IsOne(ConfigNode root) =>
        root.Kind == ConfigKind.Object
        && root.Members.Any(m => InstanceRouterKeys.Table.Find(m.Name) is { Group: { } group } && m.Value.Members.Any(own => group.Find(own.Name) is not null));

    /// <summary>Turns.</summary>
    public ConfigNode Turn(ConfigNode root)
    {
        foreach (var (spec, node) in KnownMembers.Of(root, InstanceRouterKeys.Table, issues)) Read(spec, node, spec.Name);
        if (_host is not null || _port is not null) TellOfAddress();
        var at = ConfigMark.Whole(root.Mark.File);
        var path = KeyPath.Top.Member("management");
        ConfigMember Member(string name, ConfigNode value) => new(name, value.Mark, value);
        ConfigNode family = ConfigNode.Scalar(ConfigKind.String, at, path.Member("families").Item(0), "mcp.router");
        ImmutableArray<ConfigMember> management =
        [
            Member("tools", ConfigNode.Scalar(ConfigKind.Boolean, at, path.Member("tools"), "true")),
            Member("families", ConfigNode.Array(at, path.Member("families"), [family])),
            .. _mayChange is { } changes ? [Member("changes", changes)] : ImmutableArray<ConfigMember>.Empty,
        ];
        return ConfigNode.Object(root.Mark, root.Path, [Member("management", ConfigNode.Object(at, path, management))]);
    }

    private void Read(KeySpec spec, ConfigNode node, string path)
    {
        if (spec.Group is { } group)
        {
            foreach (var (own, value) in KnownMembers.Of(node, group, issues)) Read(own, value, $"{path}.{own.Name}");
        }
        else if (IsKind(spec, node))
        {
            Take(path, node);
        }
    }

    private void Take(string path, ConfigNode node)
    {
        switch (path)
        {
            case "server.host":
                _host = node;
                break;
            case "server.http.port":
                _port = node;
                break;
            case "server.sse.port":
                issues.Warning(node, "is not read: clients of HTTP+SSE are served at /sse of the port of HTTP", $"Point them to http://{DefaultHost}:{DefaultPort}/sse");
                break;
            case "server.allow_instance_management":
                _mayChange = node;
                break;
            case "api.enabled" when node.Text == "true":
                issues.Warning(node, "has no effect here: there is no REST API yet", "Ask and steer by the command line, mimir --help, or by the mcp_router_ tools");
                break;
            case "security.bearer_token" when node.Text.Length > 0:
                // The token itself is not repeated.
                issues.Error(node, "would not be asked for: clients cannot be made to show a token yet, and Mimir listens on this machine only", "Leave it empty, \"\"");
                break;
            case "security.enable_validation" when node.Text == "false":
                issues.Warning(node, "has no effect here: what comes in is always checked", "Remove it");
                break;
            case "logging.directory":
                issues.Warning(node, "has no effect here: Mimir's own words go to stderr, and every call and change into the audit log", "See mimir logs SERVER and mimir audit tail");
                break;
            case "mcp_client.enabled" when node.Text == "false":
                issues.Error(node, "is not taken here: without instances there is nothing to serve", "Remove it, or set isActive to false in single instances");
                break;
            case "mcp_client.timeout" when node.Text is not ("30" or "30.0"):
                issues.Warning(node, "has no effect here: each server has its own times", "Write startupTimeout and callTimeout into its mcp_settings.json");
                break;
            case "watcher.enabled" when node.Text == "false":
                issues.Warning(node, "has no effect here: files are always followed", "Remove it");
                break;
            case "watcher.watch_path" when node.Text.TrimEnd('/') is not (DefaultFolder or "./" + DefaultFolder):
                issues.Error(node, $"names another folder than {DefaultFolder}, and instances are read from that one alone", $"Move them to {DefaultFolder}/NAME/mcp_settings.json");
                break;
        }
    }

    private void TellOfAddress()
    {
        var (host, port) = (_host?.Text ?? DefaultHost, _port?.Text ?? DefaultPort);
        var isLocal = host is DefaultHost or "localhost" or "::1";
        if (isLocal && port == DefaultPort) return;
        issues.Warning(
            isLocal ? _port! : _host!,
            isLocal ? "is not read: where Mimir listens is said when it is started" : "is not read: without authentication Mimir listens on this machine only",
            $"Start it with mimir serve --http {DefaultHost}:{port}");
    }

    private bool IsKind(KeySpec spec, ConfigNode node)
    {
        var (kind, words) = spec.Type switch
        {
            KeyType.Flag => (ConfigKind.Boolean, "a boolean"),
            KeyType.Text => (ConfigKind.String, "a string"),
            _ => (ConfigKind.Number, "a number"),
        };
        if (node.Kind != kind)
        {
            issues.WrongKind(node, words, spec.Example);
            return false;
        }

        if (spec.Type == KeyType.Count && !(long.TryParse(node.Text, out var number) && number >= spec.Min && number <= spec.Max))
        {
            issues.Error(node, "is out of bounds", $"Write {spec.Bounds}, e.g. {spec.Example}");
            return false;
        }

        // Seconds, with a fraction, where the rows have milliseconds.
        if (spec.Type == KeyType.Duration && !(double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds * 1000 >= spec.Min && seconds * 1000 <= spec.Max))
        {
            var (least, most) = (spec.Min / 1000.0, spec.Max / 1000.0);
            issues.Error(node, "is out of bounds", string.Create(CultureInfo.InvariantCulture, $"Write {least} to {most} seconds, e.g. {spec.Example}"));
            return false;
        }

        if (spec.Type == KeyType.Text && node.Text.Length > spec.Max)
        {
            issues.Error(node, $"has {node.Text.Length} characters", $"Write at most {spec.Max}");
            return false;
        }

        return true;
    }
}
