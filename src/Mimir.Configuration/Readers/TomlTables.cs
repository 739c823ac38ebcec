using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Readers;

/// <summary>
/// The tables of a TOML file and who may add to which: no key and no header stands twice, and what one form of writing has
/// made complete no other adds to. After such a fault reading goes on, and what stands there is left out.
/// </summary>
internal sealed class TomlTables
{
    private readonly IssueList _issues;

    /// <summary>Begins with the file itself.</summary>
    /// <param name="mark">Its first character.</param>
    /// <param name="path">The keys that lead to what it holds.</param>
    /// <param name="issues">Told what is wrong.</param>
    public TomlTables(ConfigMark mark, KeyPath path, IssueList issues)
    {
        _issues = issues;
        Root = Current = new TomlTable(mark, path, 1, TomlOrigin.Header);
    }

    /// <summary>The file itself.</summary>
    public TomlTable Root { get; }

    /// <summary>The table that keys belong to, as the last header has it.</summary>
    public TomlTable Current { get; private set; }

    /// <summary>Reports what is nested too deep.</summary>
    /// <returns>False.</returns>
    public static bool TooDeep(IssueList issues, ConfigMark mark, KeyPath path)
    {
        issues.Error(mark, path, $"is nested more than {TomlTree.MaxDepth} deep", "Flatten it: no key of a configuration lies that deep");
        return false;
    }

    /// <summary>A header in single brackets: keys belong to this table from here on.</summary>
    /// <returns>False when it is nested too deep.</returns>
    public bool Open(IReadOnlyList<TomlKey> key)
    {
        if (!TryWalk(key, out var parent))
        {
            return false;
        }

        var last = key[^1];
        if (parent?.Find(last.Name) is not { } entry)
        {
            parent ??= Nowhere(last.Mark);
            return TryAddTable(parent, last, TomlOrigin.Header) is { } table && Continue(table);
        }

        if (entry.Table is { Origin: TomlOrigin.Implied } implied)
        {
            implied.Define(last.Mark, TomlOrigin.Header);
            return Continue(implied);
        }

        var path = parent.Path.Member(last.Name);
        if (entry.IsArrayOfTables)
        {
            _issues.Error(last.Mark, path, $"is an array of tables, since line {entry.Mark.Line}", "Write [[ and ]] around the name for one more item");
        }
        else if (entry.Table is { Origin: TomlOrigin.Dotted } dotted)
        {
            _issues.Error(last.Mark, path, $"has its keys on line {dotted.Mark.Line} already, written with dots", "Write all its keys in one place");
        }
        else
        {
            Twice(last.Mark, path, entry.Table?.Mark ?? entry.Mark);
        }

        return Continue(Nowhere(last.Mark));
    }

    /// <summary>A header in double brackets: keys belong to a new table of this array from here on.</summary>
    /// <returns>False when it is nested too deep.</returns>
    public bool Append(IReadOnlyList<TomlKey> key)
    {
        if (!TryWalk(key, out var parent))
        {
            return false;
        }

        parent ??= Nowhere(key[^1].Mark);
        var (name, mark) = key[^1];
        var path = parent.Path.Member(name);
        if (parent.Depth + 2 > TomlTree.MaxDepth)
        {
            return TooDeep(_issues, mark, path);
        }

        var entry = parent.Find(name);
        if (entry is null)
        {
            entry = new TomlEntry(mark, path);
            parent.Add(name, entry);
        }

        if (entry.IsArrayOfTables)
        {
            return Continue(entry.Append(mark, parent.Depth + 2));
        }

        _issues.Error(
            mark,
            path,
            entry.IsArray ? $"is an array in brackets, on line {entry.Mark.Line}" : $"is no array of tables on line {entry.Mark.Line}",
            entry.IsArray ? "Write all its items there, or each as [[...]]" : "Write [[ and ]] around the name in both places, or remove one of them");
        return Continue(Nowhere(mark));
    }

    /// <summary>A key and its value.</summary>
    /// <param name="table">Where it is written.</param>
    /// <param name="key">Its parts.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False when it is nested too deep.</returns>
    public bool Assign(TomlTable table, IReadOnlyList<TomlKey> key, ConfigNode value)
    {
        for (var i = 0; i < key.Count - 1; i++)
        {
            if (table.Find(key[i].Name) is not { } entry)
            {
                if (TryAddTable(table, key[i], TomlOrigin.Dotted) is not { } added)
                {
                    return false;
                }

                table = added;
            }
            else if (entry is { IsArrayOfTables: false, Table: { Origin: not TomlOrigin.Header } next })
            {
                if (next.Origin == TomlOrigin.Implied)
                {
                    next.Define(key[i].Mark, TomlOrigin.Dotted);
                }

                table = next;
            }
            else
            {
                Complete(key[i].Mark, table.Path.Member(key[i].Name), entry);
                return true;
            }
        }

        var last = key[^1];
        if (table.Find(last.Name) is { } there)
        {
            Twice(last.Mark, table.Path.Member(last.Name), there.Mark);
            return true;
        }

        table.Add(last.Name, new TomlEntry(last.Mark, value));
        return true;
    }

    /// <summary>Where keys go that have no place.</summary>
    private static TomlTable Nowhere(ConfigMark mark) => new(mark, KeyPath.Top, 1, TomlOrigin.Header);

    /// <summary>Goes to the table that holds the last part of a header; to none after an error in what is there.</summary>
    /// <returns>False when it is nested too deep.</returns>
    private bool TryWalk(IReadOnlyList<TomlKey> key, out TomlTable? table)
    {
        table = Root;
        for (var i = 0; i < key.Count - 1; i++)
        {
            var entry = table.Find(key[i].Name);
            if (entry is { Table: null })
            {
                Complete(key[i].Mark, table.Path.Member(key[i].Name), entry);
                table = null;
                return true;
            }

            table = entry is null ? TryAddTable(table, key[i], TomlOrigin.Implied) : entry.Table;
            if (table is null)
            {
                return false;
            }
        }

        return true;
    }

    private TomlTable? TryAddTable(TomlTable parent, TomlKey key, TomlOrigin origin)
    {
        var path = parent.Path.Member(key.Name);
        if (parent.Depth == TomlTree.MaxDepth)
        {
            TooDeep(_issues, key.Mark, path);
            return null;
        }

        var table = new TomlTable(key.Mark, path, parent.Depth + 1, origin);
        parent.Add(key.Name, new TomlEntry(key.Mark, table));
        return table;
    }

    private bool Continue(TomlTable table)
    {
        Current = table;
        return true;
    }

    private void Twice(ConfigMark mark, KeyPath path, ConfigMark first) =>
        _issues.Error(mark, path, $"stands twice, on lines {first.Line} and {mark.Line}", "Remove one of the two");

    private void Complete(ConfigMark mark, KeyPath path, TomlEntry entry) => _issues.Error(
        mark,
        path,
        $"is complete as it stands on line {entry.Table?.Mark.Line ?? entry.Mark.Line}, and nothing can be added to it here",
        entry.Table is null ? "Write all of it in one place" : "Write the key under its header");
}
