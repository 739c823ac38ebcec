using System.Collections.Immutable;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Readers;

/// <summary>A table of TOML while the file is read: its parts may stand all over the file.</summary>
/// <param name="mark">Where it stands.</param>
/// <param name="path">The keys that lead to it.</param>
/// <param name="depth">Its nesting; 1 is the file itself.</param>
/// <param name="origin">How it came to be.</param>
internal sealed class TomlTable(ConfigMark mark, KeyPath path, int depth, TomlOrigin origin)
{
    private readonly OrderedDictionary<string, TomlEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Where it stands; its own header, once there is one.</summary>
    public ConfigMark Mark { get; private set; } = mark;

    /// <summary>The keys that lead to it.</summary>
    public KeyPath Path => path;

    /// <summary>Its nesting; 1 is the file itself.</summary>
    public int Depth => depth;

    /// <summary>How it came to be.</summary>
    public TomlOrigin Origin { get; private set; } = origin;

    /// <summary>Finds what stands under a name.</summary>
    public TomlEntry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>Adds what stands under a name; the name is new.</summary>
    public void Add(string name, TomlEntry entry) => _entries.Add(name, entry);

    /// <summary>A table that was only implied stands here.</summary>
    /// <param name="at">Where.</param>
    /// <param name="by">By a header or by dotted keys.</param>
    public void Define(ConfigMark at, TomlOrigin by) => (Mark, Origin) = (at, by);

    /// <summary>The table as a node of the neutral tree.</summary>
    public ConfigNode ToNode()
    {
        var members = ImmutableArray.CreateBuilder<ConfigMember>(_entries.Count);
        foreach (var (name, entry) in _entries)
        {
            members.Add(new ConfigMember(name, entry.Mark, entry.ToNode()));
        }

        return ConfigNode.Object(Mark, path, members.MoveToImmutable());
    }
}
