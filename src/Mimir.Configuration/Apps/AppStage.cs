using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Merging;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Apps;

/// <summary>
/// Finds the addresses of servers that are apps on this machine (<c>app</c>): each is reached where it announced itself last, and is switched off
/// while it does not run. One that announces no address comes to us by itself. That the operator wrote the server is the consent: what only announces itself is not served.
/// </summary>
internal static class AppStage
{
    private const string Key = "app";

    /// <summary>An address that leads nowhere: an app that is away has none, and a server needs one.</summary>
    private const string Nowhere = "http://127.0.0.1:9/mcp";

    /// <summary>Finds.</summary>
    /// <param name="root">The tree of all files.</param>
    /// <param name="environment">Where the home folder is looked up.</param>
    /// <param name="issues">Told what is wrong, and which apps are away.</param>
    /// <returns>The tree, and which servers are apps.</returns>
    public static (ConfigNode Root, AppsUsed Used) Add(ConfigNode root, IEnvironment environment, IssueList issues)
    {
        if ((root.Find(ServerMerge.Key) ?? root.Find(ServerMerge.Alias)) is not { } servers || !servers.Value.Members.Any(static s => s.Value.Find(Key) is not null)) return (root, AppsUsed.None);
        var folder = AnnouncedApps.FolderOf(environment);
        var apps = AnnouncedApps.Find(folder);
        var members = servers.Value.Members.Select(s => s.Value.Find(Key) is { } app ? s with { Value = Server(s.Value, app, apps, issues) } : s).ToImmutableArray();
        var all = ConfigNode.Object(servers.Value.Mark, servers.Value.Path, members);
        var used = servers.Value.Members.Where(static s => s.Value.Find(Key) is { Value.Kind: ConfigKind.String }).Select(static s => (s.Name, s.Value.Find(Key)!.Value.Text));
        return (ConfigNode.Object(root.Mark, root.Path, root.Members.Replace(servers, servers with { Value = all })), new AppsUsed(folder, [.. used]));
    }

    private static ConfigNode Server(ConfigNode server, ConfigMember app, ImmutableArray<AnnouncedApp> apps, IssueList issues)
    {
        var rest = server.Members.Remove(app);
        if (app.Value is not { Kind: ConfigKind.String, Text.Length: > 0 and <= AnnouncedApps.MaxName })
        {
            issues.Error(app.Value, "is no name of an app", $"Write the name that it announces, 1 to {AnnouncedApps.MaxName} characters; mimir apps lists those that run");
        }
        else if (rest.FirstOrDefault(static m => IsPlace(m.Name)) is { } other)
        {
            issues.Error(app.Value, $"stands beside {other.Name}", "Write one of the two: an app is reached where it announces itself");
        }

        var found = app.Value.Kind == ConfigKind.String ? apps.Where(a => a.Name == app.Value.Text).ToList() : [];
        if (found.Count > 1)
        {
            issues.Warning(app.Value, $"is the name of {found.Count} apps that run: {(found[0].Url is null ? "any of them may be reached that comes by itself" : "the newest is reached")}", "End the others, or give each a name of its own");
        }
        else if (found is [{ NeedsToken: true }] && server.Find("headers") is null)
        {
            issues.Warning(app.Value, "asks for a token", """Write it as a secret: "headers": { "Authorization": "Bearer ${secret:NAME}" }""");
        }

        if (found is [{ Url: null }, ..] && server.Find("headers") is { } headers)
        {
            issues.Warning(headers.Value, "has no effect: the app comes to Mimir by itself, over a socket of its user's, which knows no headers", "Remove it");
        }

        rest = [.. rest.Where(static m => !IsPlace(m.Name)), found is [{ Url: null }, ..] ? app : Member(app, "url", ConfigKind.String, found is [{ Url: { } url }, ..] ? url.AbsoluteUri : Nowhere)];
        if (found.Count == 0)
        {
            if (rest.FirstOrDefault(static m => ServerKeys.Table.Find(m.Name)?.Name is "enabled" or "disabled") is not { } written)
            {
                issues.Warning(app.Value, "does not run, so its server is not offered", "Start the app; it is offered as soon as it announces itself. mimir apps lists those that run");
                rest = rest.Add(Member(app, "enabled", ConfigKind.Boolean, "false"));
            }
            else
            {
                rest = rest.Replace(written, Member(app, "enabled", ConfigKind.Boolean, "false"));
            }
        }

        return ConfigNode.Object(server.Mark, server.Path, rest);
    }

    /// <summary>Whether a key says where a server is reached.</summary>
    private static bool IsPlace(string key) => ServerKeys.Table.Find(key)?.Name is "command" or "url";

    private static ConfigMember Member(ConfigMember at, string name, ConfigKind kind, string text) => new(name, at.Mark, ConfigNode.Scalar(kind, at.Mark, at.Value.Path, text));
}
