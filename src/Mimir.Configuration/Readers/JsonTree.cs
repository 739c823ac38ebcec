using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Readers;

/// <summary>
/// Reads JSON with comments and trailing commas into the neutral tree. Bounded in depth; a key that stands twice in one
/// object is an error that names both lines; a byte order mark is passed over.
/// </summary>
internal ref struct JsonTree
{
    /// <summary>Deepest nesting. The deepest thing a configuration needs is 4.</summary>
    public const int MaxDepth = 32;

    private readonly IssueList _issues;
    private readonly KeyPath _root;
    private readonly char[] _open = new char[MaxDepth];
    private readonly int[] _openLines = new int[MaxDepth];
    private LineMap _lines;
    private JsonScanner _scanner;
    private int _depth;

    private JsonTree(ReadOnlySpan<byte> utf8, string file, KeyPath root, IssueList issues)
    {
        _issues = issues;
        _root = root;
        _lines = new LineMap(utf8, file);
        _scanner = new JsonScanner(utf8);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">All its bytes.</param>
    /// <param name="file">Its full path.</param>
    /// <param name="root">The keys that lead to what it holds.</param>
    /// <param name="issues">Told what is wrong.</param>
    /// <returns>The tree; null when the file cannot be read as JSON. A tree is returned even if a key stands twice.</returns>
    public static ConfigNode? Read(ReadOnlySpan<byte> utf8, string file, KeyPath root, IssueList issues)
    {
        utf8 = Utf8Text.WithoutMark(utf8);
        if (!Utf8Text.IsValid(utf8, file, root, issues))
        {
            return null;
        }

        return new JsonTree(utf8, file, root, issues).ReadAll();
    }

    private ConfigNode? ReadAll()
    {
        var node = ReadValue(_root);
        if (node is null || !TrySkipSpace())
        {
            return null;
        }

        return _scanner.IsAtEnd ? node : Fail(JsonFault.Trailing(_scanner.At));
    }

    /// <summary>Reads the next value; null after a fault, which is reported by then.</summary>
    private ConfigNode? ReadValue(KeyPath path)
    {
        if (!TrySkipSpace())
        {
            return null;
        }

        var at = _scanner.At;
        if (_scanner.IsAtEnd)
        {
            return Fail(_depth == 0 ? JsonFault.Empty(at) : JsonFault.Unclosed(at, _open[_depth - 1], _openLines[_depth - 1]));
        }

        var mark = _lines.At(at);
        switch (_scanner.Next)
        {
            case (byte)'{' or (byte)'[' when _depth == MaxDepth:
                _issues.Error(mark, path, $"is nested more than {MaxDepth} deep", "Flatten it: no key of a configuration lies deeper than 4");
                return null;
            case (byte)'{':
                return ReadObject(mark, path);
            case (byte)'[':
                return ReadArray(mark, path);
            case (byte)'"':
                return ReadString(mark, path) is { } text ? ConfigNode.Scalar(ConfigKind.String, mark, path, text) : null;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return _scanner.TakeNumber(out var number) is { } fault ? Fail(fault) : ConfigNode.Scalar(ConfigKind.Number, mark, path, number);
            default:
                return _scanner.TryTakeWord("true"u8) ? ConfigNode.Scalar(ConfigKind.Boolean, mark, path, "true")
                    : _scanner.TryTakeWord("false"u8) ? ConfigNode.Scalar(ConfigKind.Boolean, mark, path, "false")
                    : _scanner.TryTakeWord("null"u8) ? ConfigNode.Scalar(ConfigKind.Null, mark, path, "")
                    : Fail(_depth == 0
                        ? JsonFault.NoValue(at, _scanner.Next, ' ', 0)
                        : JsonFault.NoValue(at, _scanner.Next, _open[_depth - 1], _openLines[_depth - 1]));
        }
    }

    private ConfigNode? ReadObject(ConfigMark mark, KeyPath path)
    {
        Open('{', mark.Line);
        var members = ImmutableArray.CreateBuilder<ConfigMember>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        while (true)
        {
            if (!TrySkipSpace())
            {
                return null;
            }

            if (TryClose('}'))
            {
                return ConfigNode.Object(mark, path, members.DrainToImmutable());
            }

            var keyMark = _lines.At(_scanner.At);
            if (ReadKey(keyMark, path) is not { } name || ReadValue(path.Member(name)) is not { } value || !TryEndValue('}'))
            {
                return null;
            }

            if (seen.TryAdd(name, keyMark.Line))
            {
                members.Add(new ConfigMember(name, keyMark, value));
            }
            else
            {
                _issues.Error(keyMark, path.Member(name), $"stands twice, on lines {seen[name]} and {keyMark.Line}", "Remove one of the two");
            }
        }
    }

    private ConfigNode? ReadArray(ConfigMark mark, KeyPath path)
    {
        Open('[', mark.Line);
        var items = ImmutableArray.CreateBuilder<ConfigNode>();
        while (true)
        {
            if (!TrySkipSpace())
            {
                return null;
            }

            if (TryClose(']'))
            {
                return ConfigNode.Array(mark, path, items.DrainToImmutable());
            }

            if (ReadValue(path.Item(items.Count)) is not { } item || !TryEndValue(']'))
            {
                return null;
            }

            items.Add(item);
        }
    }

    /// <summary>Reads a key and the colon behind it.</summary>
    private string? ReadKey(ConfigMark mark, KeyPath path)
    {
        var line = _openLines[_depth - 1];
        if (_scanner.IsAtEnd)
        {
            return Stop(JsonFault.Unclosed(_scanner.At, '{', line));
        }

        if (_scanner.Next != '"')
        {
            return Stop(JsonFault.NoKey(_scanner.At, _scanner.Next, '{', line));
        }

        if (ReadString(mark, path) is not { } name || !TrySkipSpace())
        {
            return null;
        }

        if (_scanner.Next != ':')
        {
            return Stop(_scanner.IsAtEnd ? JsonFault.Unclosed(_scanner.At, '{', line) : JsonFault.NoColon(_scanner.At, _scanner.Next));
        }

        _scanner.At++;
        return name;
    }

    /// <summary>Reads a string; half a character in it is an error after which reading goes on.</summary>
    private string? ReadString(ConfigMark mark, KeyPath path)
    {
        if (_scanner.TakeString(out var text) is { } fault)
        {
            return Stop(fault);
        }

        if (text is null)
        {
            _issues.Error(mark, path, "holds half of a character", "Write both \\u escapes of the pair, or the character itself");
        }

        return text ?? "";
    }

    /// <summary>After a value: passes a comma, or stops before the closing bracket.</summary>
    private bool TryEndValue(char closing)
    {
        if (!TrySkipSpace())
        {
            return false;
        }

        if (_scanner.Next == ',')
        {
            _scanner.At++;
            return true;
        }

        if (_scanner.Next == closing)
        {
            return true;
        }

        var (open, line) = (_open[_depth - 1], _openLines[_depth - 1]);
        Fail(_scanner.IsAtEnd ? JsonFault.Unclosed(_scanner.At, open, line) : JsonFault.NoEnd(_scanner.At, _scanner.Next, open, line));
        return false;
    }

    private void Open(char bracket, int line)
    {
        _open[_depth] = bracket;
        _openLines[_depth++] = line;
        _scanner.At++;
    }

    private bool TryClose(char bracket)
    {
        if (_scanner.Next != bracket)
        {
            return false;
        }

        _scanner.At++;
        _depth--;
        return true;
    }

    private bool TrySkipSpace()
    {
        if (_scanner.SkipSpace() is not { } fault)
        {
            return true;
        }

        Fail(fault);
        return false;
    }

    private ConfigNode? Fail(JsonFault fault)
    {
        Stop(fault);
        return null;
    }

    private string? Stop(JsonFault fault)
    {
        _issues.Error(_lines.At(fault.At), _root, fault.Message, fault.Remedy);
        return null;
    }
}
