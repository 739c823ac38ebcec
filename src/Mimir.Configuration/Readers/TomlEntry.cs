using System.Collections.Immutable;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Readers;

/// <summary>What a table of TOML holds under one name: a finished value, a table, or an array of tables.</summary>
internal sealed class TomlEntry
{
    private readonly ConfigNode? _value;
    private readonly KeyPath _path;
    private readonly List<TomlTable>? _tables;

    /// <summary>A value that nothing can be added to: a scalar, an array in brackets, a table in braces.</summary>
    /// <param name="mark">Where its key stands.</param>
    /// <param name="value">What it is.</param>
    public TomlEntry(ConfigMark mark, ConfigNode value) => (Mark, _value, _path) = (mark, value, value.Path);

    /// <summary>A table.</summary>
    /// <param name="mark">Where its key stands.</param>
    /// <param name="table">The table.</param>
    public TomlEntry(ConfigMark mark, TomlTable table) => (Mark, Table, _path) = (mark, table, table.Path);

    /// <summary>An array of tables, empty yet.</summary>
    /// <param name="mark">Where its first header stands.</param>
    /// <param name="path">The keys that lead to it.</param>
    public TomlEntry(ConfigMark mark, KeyPath path) => (Mark, _tables, _path) = (mark, [], path);

    /// <summary>Where its key stands first.</summary>
    public ConfigMark Mark { get; }

    /// <summary>The table, or the last one of the array; null for a value.</summary>
    public TomlTable? Table { get; private set; }

    /// <summary>Whether headers in double brackets make it.</summary>
    public bool IsArrayOfTables => _tables is not null;

    /// <summary>Whether it is an array in brackets.</summary>
    public bool IsArray => _value?.Kind == ConfigKind.Array;

    /// <summary>Begins the next table of an array of tables.</summary>
    /// <param name="mark">Where its header stands.</param>
    /// <param name="depth">Its nesting.</param>
    public TomlTable Append(ConfigMark mark, int depth)
    {
        Table = new TomlTable(mark, _path.Item(_tables!.Count), depth, TomlOrigin.Header);
        _tables.Add(Table);
        return Table;
    }

    /// <summary>The entry as a node of the neutral tree.</summary>
    public ConfigNode ToNode() =>
        _value ?? (_tables is null ? Table!.ToNode() : ConfigNode.Array(Mark, _path, _tables.Select(table => table.ToNode()).ToImmutableArray()));
}
