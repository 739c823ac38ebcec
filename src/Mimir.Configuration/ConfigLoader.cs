using System.Collections.Immutable;
using Mimir.Configuration.Apps;
using Mimir.Configuration.Backends;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Compilation;
using Mimir.Configuration.Includes;
using Mimir.Configuration.Instances;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Mcpmu;
using Mimir.Configuration.Merging;
using Mimir.Configuration.Model;
using Mimir.Configuration.Plugins;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Skills;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Configuration.Validation;
using Mimir.Router.Model;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration;

/// <summary>
/// From files to a model: read into one tree, merge, bind, check, compile. Every stage goes on after an error as far as it
/// can, so that all errors are seen at once. Stateless and safe for any thread; touches files only while it runs.
/// </summary>
public static class ConfigLoader
{
    /// <summary>Loads.</summary>
    /// <param name="location">Where the configuration is; see <see cref="ConfigLocation.Find"/>.</param>
    /// <param name="environment">Where variables are looked up.</param>
    /// <param name="vault">Where secrets are kept; null for nowhere. Not asked while nothing refers to one.</param>
    /// <param name="memory">What plugins were at earlier loads of the same run; null for a first or only load.</param>
    /// <returns>
    /// The model, or none when there is an error; never throws for anything that stands in a file. A default place that does
    /// not exist is an empty configuration.
    /// </returns>
    public static ConfigResult Load(ConfigLocation location, IEnvironment environment, ICredentialSource? vault = null, PluginMemory? memory = null) =>
        Load(location, environment, vault, memory, null);

    /// <summary>Loads with some files as they would be.</summary>
    internal static ConfigResult Load(ConfigLocation location, IEnvironment environment, ICredentialSource? vault, PluginMemory? memory, ConfigOverlay? overlay)
    {
        var issues = new IssueList();
        var files = ConfigFiles.List(location, BackendsFiles.Named(environment), issues, overlay);
        var read = files.All;

        var main = files.Main is null ? Empty(location) : ReadMain(files, isFound: files.Main != location.Path, issues, overlay) ?? Empty(location);
        var root = ServerMerge.Merge(main, ReadEntries(files.Servers, ServerMerge.Key, issues, overlay), issues);
        root = InstanceStage.Add(root, files.Instances, issues);
        root = NamespaceMerge.Merge(root, ReadEntries(files.Namespaces, NamespaceMerge.Key, issues, overlay), issues);
        BackendsUse? use = null;
        if (files.Backends is not null)
        {
            use = new BackendsUse(files.Backends, files.Main is null) { IsNamed = files.Backends == location.Path || BackendsFiles.Named(environment) is not null };
            (root, use) = BackendsStage.Add(root, use, environment, issues);
        }

        var secrets = new SecretLookup(environment, vault, files.Folder, issues);
        (root, var plugins) = PluginStage.Add(root, files, environment, secrets, memory ?? new PluginMemory(), issues, overlay);
        IncludesFound? includes = null;
        if (root.Find(IncludeStage.Key) is not null)
        {
            (root, includes) = IncludeStage.Add(root, plugins, environment, secrets, issues);
            read = [.. read, .. includes.Files];
        }

        (root, var apps) = AppStage.Add(root, environment, issues);
        var skills = SkillStage.Read(root, files, Path.Exists(location.Path) && !Directory.Exists(location.Path) ? null : location.Path, environment, issues);
        var config = RouterBinder.Bind(root, environment, secrets, issues) with { Skills = skills.Model };
        config = config with { Management = config.Management with { HasPlugins = !plugins.Plugins.IsEmpty } };
        if (use is { IsMain: true })
        {
            // Who comes from where such a file does expects them, under these names.
            config = config with { Management = config.Management with { IsPromised = true } };
        }

        ConfigValidators.Check(config, issues);

        RouterModel? model = issues.HasErrors ? null : RouterCompiler.Compile(config, files.Folder) with { Name = use?.ServerName };
        if (model is not null && !plugins.Plugins.IsEmpty)
        {
            model = model with { Servers = [.. model.Servers.Select(s => plugins.Plugins.FirstOrDefault(p => p.Name == s.Name) is { } plugin ? s with { Stamp = plugin.Stamp } : s)] };
        }

        return new ConfigResult(model, config.Servers.Length > 0 || plugins.Plugins.Length > 0 || !skills.Model.All.IsEmpty || config.Memory.IsKept, issues.Sorted([.. read, .. skills.Files]), read)
        {
            Tree = root,
            Folder = files.Folder,
            Backends = use,
            Secrets = [.. secrets.Uses],
            SecretFiles = [.. secrets.Files],
            Plugins = plugins,
            Skills = skills,
            IncludePlaces = [.. includes?.Watched ?? [], .. apps.Folder is null ? ImmutableArray<string>.Empty : [apps.Folder]],
            Apps = apps,
            SwitchedOff = [.. config.Servers.Where(s => !s.IsOn).Select(s => s.Name), .. plugins.Plugins.Where(p => p.Status != PluginStatus.Ok && !p.GoesOn).Select(p => p.Name)],
        };
    }

    private static ConfigNode Empty(ConfigLocation location) => ConfigNode.Object(ConfigMark.Whole(location.Path), KeyPath.Top, []);

    private static ImmutableArray<ConfigMember> ReadEntries(ImmutableArray<string> files, string key, IssueList issues, ConfigOverlay? overlay)
    {
        var entries = ImmutableArray.CreateBuilder<ConfigMember>(files.Length);
        foreach (var file in files)
        {
            var name = Path.GetFileName(file)[..^ConfigFiles.ServerSuffix.Length];
            if (ReadFile(file, KeyPath.Top.Member(key).Member(name), issues, overlay) is { } entry)
            {
                entries.Add(new ConfigMember(name, entry.Mark, entry));
            }
        }

        return entries.DrainToImmutable();
    }

    private static ConfigNode? ReadMain(ConfigFiles files, bool isFound, IssueList issues, ConfigOverlay? overlay)
    {
        var file = files.Main!;
        if (ReadFile(file, KeyPath.Top, issues, overlay, isNamed: !isFound) is not { } tree)
        {
            return null;
        }

        if (McpmuTree.IsOne(tree))
        {
            return new McpmuTree(issues).Turn(tree);
        }

        // Its instances beside it tell it from the files of that name that other programs have.
        if (Path.GetFileName(file) == ConfigFiles.McpmuName && (!files.Instances.IsEmpty || Directory.Exists(Path.Combine(files.Folder, ConfigFiles.InstancesName))) && InstanceRouterTree.IsOne(tree))
        {
            if (!isFound)
            {
                issues.Warning(ConfigMark.Whole(file), KeyPath.Top, "is read alone, as any file that is named: the instances beside it are not", "Name its folder instead: --config DIR");
            }

            return new InstanceRouterTree(issues).Turn(tree);
        }

        if (isFound && Path.GetFileName(file) == ConfigFiles.McpmuName)
        {
            // A name that many programs use.
            issues.Warning(ConfigMark.Whole(file), KeyPath.Top, "is not read: it is no other router's that is known, and Mimir's own is mimir.json", "Write mimir.json beside it, or move it away");
            return null;
        }

        return tree;
    }

    private static ConfigNode? ReadFile(string file, KeyPath root, IssueList issues, ConfigOverlay? overlay, bool isNamed = false) =>
        overlay?.Files.GetValueOrDefault(file) is { } would ? JsonTree.Read(would, file, root, issues)
            : BoundedFile.Read(file, issues, isNamed) is { } bytes ? JsonTree.Read(bytes, file, root, issues) : null;
}
