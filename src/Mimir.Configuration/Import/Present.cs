using Mimir.Configuration.Issues;
using Mimir.Configuration.Merging;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Import;

/// <summary>The servers that are configured, each as its file has it.</summary>
internal sealed class Present
{
    private readonly Dictionary<string, ConfigMember> _elsewhere = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _plugins = new(StringComparer.Ordinal);
    private readonly string _folder;

    /// <summary>Looks at a folder of configuration.</summary>
    /// <param name="location">The folder, there or not.</param>
    /// <param name="environment">Where variables are looked up.</param>
    public Present(ConfigLocation location, IEnvironment environment)
    {
        _folder = Path.Combine(location.Path, ConfigFiles.ServersName);

        // Names are the same whatever the secrets are. What is wrong is said when what would be is checked.
        var loaded = ConfigLoader.Load(location, environment);
        foreach (var member in (loaded.Tree?.Find(ServerMerge.Key) ?? loaded.Tree?.Find(ServerMerge.Alias))?.Value.Members ?? [])
        {
            if (member.Mark.File != PathOf(member.Name))
            {
                _elsewhere[member.Name] = member;
            }
        }

        foreach (var plugin in loaded.Plugins.Plugins)
        {
            _plugins.TryAdd(plugin.Name, plugin.File);
        }
    }

    /// <summary>The file that a server of its own has, there or not.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name + ConfigFiles.ServerSuffix);

    /// <summary>The server of a name that stands in another file than one of its own: in one that people write, or that comes from elsewhere.</summary>
    public ConfigMember? Elsewhere(string name) => _elsewhere.GetValueOrDefault(name);

    /// <summary>Full path of the manifest of the plugin of a name, whether it is run or not; null for none.</summary>
    public string? Plugin(string name) => _plugins.GetValueOrDefault(name);

    /// <summary>The server of a name in a file of its own, null when there is none that can be read; and the bytes of that file.</summary>
    public (ConfigNode? Entry, byte[] Bytes) Own(string name)
    {
        var path = PathOf(name);
        var issues = new IssueList();
        var bytes = File.Exists(path) ? BoundedFile.Read(path, issues)?.ToArray() : null;
        return bytes is null ? (null, []) : (JsonTree.Read(bytes, path, KeyPath.Top, issues), bytes);
    }
}
