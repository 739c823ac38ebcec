using Mimir.Configuration.Issues;
using Mimir.Configuration.Merging;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Import;

/// <summary>The servers that are configured, each as its file has it.</summary>
internal sealed class Present
{
    private readonly Dictionary<string, ConfigMember> _main = new(StringComparer.Ordinal);
    private readonly string _folder;

    /// <summary>Looks at a folder of configuration.</summary>
    /// <param name="folder">Its full path, there or not.</param>
    public Present(string folder)
    {
        _folder = Path.Combine(folder, ConfigFiles.ServersName);
        var main = Read(Path.Combine(folder, ConfigFiles.MainName));
        foreach (var member in (main?.Find(ServerMerge.Key) ?? main?.Find(ServerMerge.Alias))?.Value.Members ?? [])
        {
            _main[member.Name] = member;
        }
    }

    /// <summary>The file that a server of its own has, there or not.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name + ConfigFiles.ServerSuffix);

    /// <summary>The server of a name in the main file, which people write.</summary>
    public ConfigMember? InMain(string name) => _main.GetValueOrDefault(name);

    /// <summary>The server of a name in a file of its own; null when there is none that can be read.</summary>
    public ConfigNode? Own(string name) => Read(PathOf(name));

    private static ConfigNode? Read(string path)
    {
        // What is wrong with it is said when the whole configuration is loaded.
        var issues = new IssueList();
        return File.Exists(path) && BoundedFile.Read(path, issues) is { } bytes ? JsonTree.Read(bytes, path, KeyPath.Top, issues) : null;
    }
}
