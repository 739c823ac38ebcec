using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Clients;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Merging;
using Mimir.Configuration.Model;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Configuration.Validation;
using Mimir.Router.Model;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Includes;

/// <summary>
/// Adds the servers of files that belong to others, as <c>include</c> names them, to the tree of the configuration. These files are read and
/// never written. What is one's own wins over them. A file that cannot be read is an error; a server in one that cannot be taken in is left out
/// with a warning, for its faults are not to harm the rest.
/// </summary>
internal static class IncludeStage
{
    /// <summary>The key.</summary>
    public const string Key = "include";

    /// <summary>Adds.</summary>
    /// <param name="root">The tree of all other files.</param>
    /// <param name="plugins">The plugins, run or not: their names are taken as well.</param>
    /// <param name="environment">Where variables and the home folder are looked up.</param>
    /// <param name="secrets">Where secrets are.</param>
    /// <param name="issues">Told what is wrong.</param>
    public static (ConfigNode Root, IncludesFound Found) Add(ConfigNode root, PluginsFound plugins, IEnvironment environment, SecretLookup secrets, IssueList issues)
    {
        if (root.Find(Key)?.Value is not { } node)
        {
            return (root, IncludesFound.None);
        }

        var finder = new IncludeFinder(environment.HomeDirectory, issues);
        foreach (var (_, text) in new ValueReader(issues, new Expander(environment, issues), mayLack: false).TextList(RouterKeys.Table.Find(Key)!, node).Or([]))
        {
            if (text.HasValue)
            {
                finder.Add(text.Value, text.Source!);
            }
        }

        var found = finder.Found;
        var taken = Names(root, plugins);
        var servers = ImmutableArray.CreateBuilder<ConfigMember>();
        foreach (var file in found.Files)
        {
            foreach (var server in Read(file, environment, secrets, issues))
            {
                if (!taken.TryAdd(server.Name, server.Mark.ToString()))
                {
                    issues.Warning(server.Mark, server.Value.Path, $"is passed over: a server of that name stands in {taken[server.Name]}", "Rename or remove one of the two");
                }
                else if (servers.Count == ConfigFiles.MaxServers)
                {
                    issues.Error(server.Mark, server.Value.Path, $"is one more than the {ConfigFiles.MaxServers} servers that may be included", "Include fewer files");
                    return (root, found);
                }
                else
                {
                    servers.Add(server);
                }
            }
        }

        return (ServerMerge.Merge(root, servers.ToImmutable(), issues), found);
    }

    private static Dictionary<string, string> Names(ConfigNode root, PluginsFound plugins)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var server in (root.Find(ServerMerge.Key) ?? root.Find(ServerMerge.Alias))?.Value.Members ?? [])
        {
            names[server.Name] = server.Mark.ToString();
        }

        foreach (var plugin in plugins.Plugins)
        {
            names.TryAdd(plugin.Name, plugin.File);
        }

        return names;
    }

    private static IEnumerable<ConfigMember> Read(string file, IEnvironment environment, SecretLookup secrets, IssueList issues)
    {
        var place = ImportClients.PlaceOf(environment, file);
        if (BoundedFile.Read(file, issues) is not { } bytes)
        {
            yield break;
        }

        var root = file.EndsWith(".toml", StringComparison.OrdinalIgnoreCase) ? TomlTree.Read(bytes, file, KeyPath.Top, issues) : JsonTree.Read(bytes, file, KeyPath.Top, issues);
        if (root is null)
        {
            yield break;
        }

        foreach (var section in ImportSection.Find(root, place.Project))
        {
            foreach (var server in section.Servers)
            {
                if (Take(server, place.Client, section.Project, environment, secrets, issues) is { } taken)
                {
                    yield return taken;
                }
            }
        }
    }

    private static ConfigMember? Take(ConfigMember server, ImportClient client, string? project, IEnvironment environment, SecretLookup secrets, IssueList issues)
    {
        var path = KeyPath.Top.Member(ServerMerge.Key).Member(server.Name);
        var translation = EntryTranslation.Of(server.Value, client, project, ImportClients.System, path);
        var entry = new ConfigMember(server.Name, server.Mark, translation.Entry);
        if (Ourselves.Are(server.Name, translation.Entry, RouterModel.DefaultPort))
        {
            issues.Warning(server.Mark, path, "is Mimir itself, and is passed over", "Leave it there for that client: behind itself Mimir would call itself without end");
            return null;
        }

        if (translation.Objection is { } objection)
        {
            issues.Warning(server.Mark, path, $"is passed over: {objection}", "Mend it there, or write the server into mimir.json by hand");
            return null;
        }

        // Whoever writes such a variable into an entry runs what he likes: nobody takes that over without having seen it.
        string[] obeyed = [.. (translation.Entry.Find("env")?.Value.Members ?? []).Select(variable => variable.Name).Where(CredentialNames.IsObeyed)];
        if (obeyed.Length > 0)
        {
            issues.Warning(
                server.Mark, path, $"is passed over: it sets {string.Join(", ", obeyed.Select(Legible.Text))}, on which it depends what programs load", "Look at it, and write the server into mimir.json by hand if that is meant");
            return null;
        }

        var faults = ServerTrial.Faults(entry, environment, secrets);
        foreach (var fault in faults)
        {
            issues.Take(fault with { Severity = IssueSeverity.Warning, Message = $"the server is passed over: {fault.Message}" });
        }

        return faults.Count == 0 ? entry : null;
    }
}
