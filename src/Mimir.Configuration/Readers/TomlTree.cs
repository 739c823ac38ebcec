using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Readers;

/// <summary>
/// Reads TOML 1.0 into the neutral tree. Bounded in size, depth and count. Numbers become decimal, dates and times the text
/// that stands there; tables are objects, wherever their parts are written.
/// </summary>
internal ref struct TomlTree
{
    /// <summary>The largest file: 1 MiB.</summary>
    public const int MaxBytes = YamlTree.MaxBytes;

    /// <summary>Deepest nesting, as in JSON; every part of a dotted key counts.</summary>
    public const int MaxDepth = JsonTree.MaxDepth;

    /// <summary>Most keys and values.</summary>
    public const int MaxNodes = YamlTree.MaxNodes;

    private readonly IssueList _issues;
    private readonly KeyPath _root;
    private readonly TomlTables _tables;
    private LineMap _lines;
    private TomlScanner _scanner;
    private int _nodes;

    private TomlTree(ReadOnlySpan<byte> utf8, string file, KeyPath root, IssueList issues)
    {
        _issues = issues;
        _root = root;
        _lines = new LineMap(utf8, file);
        _scanner = new TomlScanner(utf8);
        _tables = new TomlTables(_lines.At(0), root, issues);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">All its bytes.</param>
    /// <param name="file">Its full path.</param>
    /// <param name="root">The keys that lead to what it holds.</param>
    /// <param name="issues">Told what is wrong.</param>
    /// <returns>The tree, an object; null when the file cannot be read as TOML. A tree is returned even if a key stands twice.</returns>
    public static ConfigNode? Read(ReadOnlySpan<byte> utf8, string file, KeyPath root, IssueList issues)
    {
        utf8 = Utf8Text.WithoutMark(utf8);
        if (!Utf8Text.IsValid(utf8, file, root, issues))
        {
            return null;
        }

        if (utf8.Length > MaxBytes)
        {
            issues.Error(file, $"is larger than {MaxBytes >> 20} MiB", "Name another file: no configuration needs that much");
            return null;
        }

        return new TomlTree(utf8, file, root, issues).ReadAll();
    }

    private ConfigNode? ReadAll()
    {
        while (IsPassed(_scanner.SkipLines()))
        {
            if (_scanner.IsAtEnd)
            {
                return _tables.Root.ToNode();
            }

            if (!(_scanner.Next == '[' ? TryReadHeader() : TryReadPair(_tables.Current)) || !IsPassed(_scanner.TakeLineEnd()))
            {
                break;
            }
        }

        return null;
    }

    private bool TryReadHeader()
    {
        var isArray = _scanner.TryTake("[["u8);
        if ((!isArray && !_scanner.TryTake("["u8)) || ReadKey(_root) is not { } key)
        {
            return false;
        }

        if (!_scanner.TryTake(isArray ? "]]"u8 : "]"u8))
        {
            return IsPassed(TomlFault.NoHeaderEnd(_scanner.At, isArray));
        }

        return isArray ? _tables.Append(key) : _tables.Open(key);
    }

    /// <summary>Reads <c>key = value</c> into a table.</summary>
    private bool TryReadPair(TomlTable table)
    {
        if (ReadKey(table.Path) is not { } key)
        {
            return false;
        }

        if (!_scanner.TryTake("="u8))
        {
            return IsPassed(TomlFault.NoEquals(_scanner.At, _scanner.Next));
        }

        _scanner.SkipBlank();
        var path = table.Path;
        foreach (var part in key)
        {
            path = path.Member(part.Name);
        }

        return ReadValue(path, table.Depth + key.Count) is { } value && _tables.Assign(table, key, value);
    }

    /// <summary>Reads a key of one or more parts, and the blanks behind it.</summary>
    private List<TomlKey>? ReadKey(KeyPath path)
    {
        var parts = new List<TomlKey>(1);
        do
        {
            _scanner.SkipBlank();
            var mark = _lines.At(_scanner.At);
            if (parts.Count == MaxDepth)
            {
                TomlTables.TooDeep(_issues, mark, path);
                return null;
            }

            if (!IsCounted(mark) || !IsPassed(_scanner.TakeKeyPart(out var name)))
            {
                return null;
            }

            parts.Add(new TomlKey(name, mark));
            _scanner.SkipBlank();
        }
        while (_scanner.TryTake("."u8));
        return parts;
    }

    /// <summary>Reads the next value; null after a fault, which is reported by then.</summary>
    /// <param name="path">The keys that lead to it.</param>
    /// <param name="depth">The nesting of an array or table that begins here.</param>
    private ConfigNode? ReadValue(KeyPath path, int depth)
    {
        var mark = _lines.At(_scanner.At);
        if (!IsCounted(mark))
        {
            return null;
        }

        switch (_scanner.Next)
        {
            case (byte)'[' or (byte)'{' when depth > MaxDepth:
                TomlTables.TooDeep(_issues, mark, path);
                return null;
            case (byte)'[':
                return ReadArray(mark, path, depth);
            case (byte)'{':
                return ReadTable(mark, path, depth);
            case (byte)'"' or (byte)'\'':
                return IsPassed(_scanner.TakeString(out var text)) ? ConfigNode.Scalar(ConfigKind.String, mark, path, text) : null;
        }

        var at = _scanner.At;
        var word = _scanner.TakeWord();
        if (word.IsEmpty)
        {
            IsPassed(TomlFault.NoValue(at, _scanner.Next));
            return null;
        }

        return IsPassed(TomlWords.Read(word, at, out var kind, out var value)) ? ConfigNode.Scalar(kind, mark, path, value) : null;
    }

    private ConfigNode? ReadArray(ConfigMark mark, KeyPath path, int depth)
    {
        var items = ImmutableArray.CreateBuilder<ConfigNode>();
        _scanner.TryTake("["u8);
        while (IsPassed(_scanner.SkipLines()))
        {
            if (_scanner.TryTake("]"u8))
            {
                return ConfigNode.Array(mark, path, items.DrainToImmutable());
            }

            if (_scanner.IsAtEnd)
            {
                IsPassed(TomlFault.Unclosed(_scanner.At, '[', mark.Line));
                break;
            }

            if (ReadValue(path.Item(items.Count), depth + 1) is not { } item || !IsPassed(_scanner.SkipLines()))
            {
                break;
            }

            items.Add(item);
            if (!_scanner.TryTake(","u8) && _scanner.Next != ']')
            {
                IsPassed(_scanner.IsAtEnd ? TomlFault.Unclosed(_scanner.At, '[', mark.Line) : TomlFault.NoComma(_scanner.At));
                break;
            }
        }

        return null;
    }

    /// <summary>Reads a table in braces, on one line and without a comma at its end.</summary>
    private ConfigNode? ReadTable(ConfigMark mark, KeyPath path, int depth)
    {
        var table = new TomlTable(mark, path, depth, TomlOrigin.Dotted);
        _scanner.TryTake("{"u8);
        _scanner.SkipBlank();
        if (_scanner.TryTake("}"u8))
        {
            return table.ToNode();
        }

        while (IsOnLine(mark.Line) && TryReadPair(table))
        {
            _scanner.SkipBlank();
            if (_scanner.TryTake("}"u8))
            {
                return table.ToNode();
            }

            if (!IsOnLine(mark.Line))
            {
                break;
            }

            if (!_scanner.TryTake(","u8))
            {
                IsPassed(TomlFault.NoComma(_scanner.At));
                break;
            }

            _scanner.SkipBlank();
            if (_scanner.Next == '}')
            {
                IsPassed(TomlFault.LastComma(_scanner.At));
                break;
            }
        }

        return null;
    }

    /// <summary>Whether a table in braces goes on: neither the file nor the line ends here.</summary>
    private bool IsOnLine(int line) =>
        _scanner.IsAtEnd ? IsPassed(TomlFault.Unclosed(_scanner.At, '{', line))
        : _scanner.Next is not ((byte)'\n' or (byte)'\r' or (byte)'#') || IsPassed(TomlFault.LineInTable(_scanner.At));

    private bool IsCounted(ConfigMark mark)
    {
        if (++_nodes <= MaxNodes)
        {
            return true;
        }

        _issues.Error(mark, _root, $"the file holds more than {MaxNodes} keys and values", "Name another file: no configuration needs that much");
        return false;
    }

    /// <summary>Reports a fault.</summary>
    /// <returns>Whether there was none.</returns>
    private bool IsPassed(TomlFault? fault)
    {
        if (fault is null)
        {
            return true;
        }

        _issues.Error(_lines.At(fault.At), _root, fault.Message, fault.Remedy);
        return false;
    }
}
