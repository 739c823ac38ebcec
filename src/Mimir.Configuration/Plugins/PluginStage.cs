using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Inventory;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Merging;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Plugins;

/// <summary>Adds the plugins of the folder to the tree of the other files, each as a server.</summary>
internal static class PluginStage
{
    /// <summary>Adds. What is wrong with one plugin sets that plugin aside and harms nothing else.</summary>
    /// <param name="root">The tree of the other files.</param>
    /// <param name="files">The files of the configuration.</param>
    /// <param name="environment">Where variables are looked up.</param>
    /// <param name="secrets">Where secrets are.</param>
    /// <param name="memory">What they were before.</param>
    /// <param name="issues">Told what is wrong.</param>
    /// <param name="overlay">Files as they would be; null for those that are.</param>
    public static (ConfigNode Root, PluginsFound Found) Add(
        ConfigNode root, ConfigFiles files, IEnvironment environment, SecretLookup secrets, PluginMemory memory, IssueList issues, ConfigOverlay? overlay = null)
    {
        memory.KeepOnly(files.Plugins);
        if (files.Plugins.IsEmpty && files.Inventory.IsEmpty && root.Find("plugins") is null)
        {
            // As in most configurations; a start is not to pay for what they have not.
            return (root, PluginsFound.None);
        }

        ValueReader Values(IssueList told) => new(told, new Expander(environment, told), mayLack: false);
        var values = Values(issues);
        var book = files.Inventory.IsEmpty ? InventoryBook.Empty : new InventoryReader(values, issues, overlay).Read(files.Inventory);
        var settings = Settings(root, values, issues) with { Switches = PluginSwitches.Read(files.Switches, overlay, issues) };
        var profile = settings.Profile.Or(ProfileGate.Default);
        var found = new PluginsFound(profile, [], book);
        if (files.Plugins.IsEmpty)
        {
            return (root, found);
        }

        var gate = ProfileGate.Read(profile, settings.Profile.Source, files.Profiles, Values, memory, issues);
        var loader = new PluginLoader(settings, gate, book, environment, secrets, issues.HasErrors);
        var servers = ImmutableArray.CreateBuilder<ConfigMember>();
        var taken = Names(root);
        var reports = new Dictionary<string, PluginReport>(StringComparer.Ordinal);

        // Who has a name already keeps it.
        foreach (var file in files.Plugins.OrderBy(f => memory.Find(f) is null))
        {
            var part = new IssueList();
            var (report, server) = loader.Load(file, taken, part);
            issues.TakeAside(part);
            if (report.Status != PluginStatus.Quarantined)
            {
                memory.Keep(file, server is null ? null : new PluginRemains(server, report.Stamp, report.AsksConfinement, report.LacksSecurity, report.Access));
            }
            else if (memory.Find(file) is { } before && loader.MayGoOn(before) && !taken.ContainsKey(before.Server.Name))
            {
                server = before.Server;
                report = report with { Name = server.Name, Stamp = before.Stamp, Access = before.Access, GoesOn = true };
            }

            if (report.Status == PluginStatus.Quarantined)
            {
                issues.Warning(
                    ConfigMark.Whole(file),
                    KeyPath.Top,
                    server is null ? "is set aside, and the plugin is not run" : "is set aside, and the plugin goes on as it was",
                    "Mend what is said of it");
            }

            if (!report.Access.IsEmpty)
            {
                var sees = book.Through(report.Access);
                report = report with { Sees = sees, Inventory = server is null ? null : sees };
            }

            reports[file] = report;
            if (server is not null)
            {
                taken.TryAdd(server.Name, file);
                servers.Add(server);
            }
        }

        found = found with { Plugins = [.. files.Plugins.Select(f => reports[f])] };
        foreach (var (name, at) in gate.Allowed ?? ImmutableDictionary<string, ConfigNode>.Empty)
        {
            if (!found.Plugins.Any(p => p.Name == name))
            {
                issues.Warning(at, "names no plugin that is there", NearestName.Find(name, found.Plugins.Select(p => p.Name)) is { } nearest ? $"Did you mean {Legible.Text(nearest)}?" : "Remove it, or put the plugin into plugins/");
            }
        }

        return (ServerMerge.Merge(root, servers.ToImmutable(), issues), found with { Files = loader.Files });
    }

    private static Dictionary<string, string> Names(ConfigNode root)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var server in (root.Find(ServerMerge.Key) ?? root.Find(ServerMerge.Alias))?.Value.Members ?? [])
        {
            names[server.Name] = server.Mark.ToString();
        }

        return names;
    }

    private static PluginSettings Settings(ConfigNode root, ValueReader values, IssueList issues)
    {
        var settings = new PluginSettings();
        foreach (var (spec, node) in root.Find("plugins") is { } plugins ? KnownMembers.Of(plugins.Value, PluginsKeys.Table, issues) : [])
        {
            settings = spec.Name switch
            {
                "profile" => settings with { Profile = values.Text(spec, node) },
                "strictManifest" => settings with { IsStrict = values.Flag(spec, node).Or(true) },
                _ => settings with { Unconfined = Patterns(values.TextList(spec, node), issues) },
            };
        }

        if (settings.Profile is { HasValue: true } profile && !profile.Value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            issues.Error(profile.Source!, "is no name for a profile", "Write letters, digits, hyphens and underscores");
        }

        return settings;
    }

    private static ImmutableArray<string> Patterns(Setting<IReadOnlyList<TextEntry>> list, IssueList issues)
    {
        var patterns = ImmutableArray.CreateBuilder<string>();
        foreach (var (_, pattern) in list.Or([]))
        {
            if (pattern.HasValue && pattern.Value.Length is > 0 and <= Glob.MostCharacters)
            {
                patterns.Add(pattern.Value);
            }
            else if (pattern.HasValue)
            {
                issues.Error(pattern.Source!, "is no name or pattern of a plugin", $"Write 1 to {Glob.MostCharacters} characters");
            }
        }

        return patterns.ToImmutable();
    }
}
