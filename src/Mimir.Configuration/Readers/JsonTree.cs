using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
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

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly IssueList _issues;
    private readonly char[] _brackets = new char[MaxDepth];
    private readonly int[] _bracketLines = new int[MaxDepth];
    private LineMap _lines;
    private Utf8JsonReader _reader;
    private JsonTokenType _last;
    private int _read;
    private int _depth;

    private JsonTree(ReadOnlySpan<byte> utf8, string file, IssueList issues)
    {
        _utf8 = utf8;
        _issues = issues;
        _lines = new LineMap(utf8, file);
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = MaxDepth + 2,
        });
    }

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">All its bytes.</param>
    /// <param name="file">Its full path.</param>
    /// <param name="root">The keys that lead to what it holds.</param>
    /// <param name="issues">Told what is wrong.</param>
    /// <returns>The tree; null when the file cannot be read as JSON. A tree is returned even if a key stands twice.</returns>
    public static ConfigNode? Read(ReadOnlySpan<byte> utf8, string file, KeyPath root, IssueList issues)
    {
        if (utf8.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            utf8 = utf8[3..];
        }

        if (!Utf8.IsValid(utf8))
        {
            issues.Error(
                new LineMap(utf8, file).At(FirstInvalid(utf8)),
                root,
                "the file is not UTF-8 from here on",
                "Save it as UTF-8 in your editor");
            return null;
        }

        return new JsonTree(utf8, file, issues).ReadAll(root);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var offset = 0;
        while (offset < utf8.Length && Rune.DecodeFromUtf8(utf8[offset..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }

    private ConfigNode? ReadAll(KeyPath root)
    {
        try
        {
            Next();
            if (TryReadValue(root, out var node))
            {
                // The reader complains here when anything but white space and comments follows.
                _reader.Read();
                return node;
            }
        }
        catch (JsonException fault)
        {
            var at = Offset(fault);
            var (message, remedy) = _depth == 0
                ? JsonSyntax.Explain(_utf8, _read, at, _last, ' ', 0)
                : JsonSyntax.Explain(_utf8, _read, at, _last, _brackets[_depth - 1], _bracketLines[_depth - 1]);
            _issues.Error(_lines.At(at), root, message, remedy);
        }

        return null;
    }

    /// <summary>The reader counts lines by <c>\n</c> and columns in bytes.</summary>
    private readonly int Offset(JsonException fault)
    {
        var offset = 0;
        for (var line = fault.LineNumber ?? 0; line > 0; line--)
        {
            offset += _utf8[offset..].IndexOf((byte)'\n') + 1;
        }

        offset = (int)Math.Min(offset + (fault.BytePositionInLine ?? 0), _utf8.Length);
        var rest = _utf8[offset..];
        return rest.IndexOfAnyExcept(" \t\r\n"u8) < 0 && rest.IndexOfAny("\r\n"u8) < 0 ? _utf8.Length : offset;
    }

    private void Next()
    {
        _reader.Read();
        _last = _reader.TokenType;
        _read = (int)_reader.BytesConsumed;
    }

    private bool TryReadValue(KeyPath path, [NotNullWhen(true)] out ConfigNode? node)
    {
        var mark = _lines.At((int)_reader.TokenStartIndex);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when _depth == MaxDepth:
                _issues.Error(mark, path, $"is nested more than {MaxDepth} deep", "Flatten it: no key of a configuration lies deeper than 4");
                node = null;
                return false;
            case JsonTokenType.StartObject:
                return TryReadObject(mark, path, out node);
            case JsonTokenType.StartArray:
                return TryReadArray(mark, path, out node);
            case JsonTokenType.String:
                node = ConfigNode.Scalar(ConfigKind.String, mark, path, Text(mark, path));
                return true;
            case JsonTokenType.Number:
                node = ConfigNode.Scalar(ConfigKind.Number, mark, path, Encoding.ASCII.GetString(_reader.ValueSpan));
                return true;
            case JsonTokenType.True or JsonTokenType.False:
                node = ConfigNode.Scalar(ConfigKind.Boolean, mark, path, _reader.TokenType == JsonTokenType.True ? "true" : "false");
                return true;
            default:
                node = ConfigNode.Scalar(ConfigKind.Null, mark, path, "");
                return true;
        }
    }

    private bool TryReadObject(ConfigMark mark, KeyPath path, [NotNullWhen(true)] out ConfigNode? node)
    {
        Open('{', mark.Line);
        var members = ImmutableArray.CreateBuilder<ConfigMember>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (Next(); _reader.TokenType != JsonTokenType.EndObject; Next())
        {
            var keyMark = _lines.At((int)_reader.TokenStartIndex);
            var name = Text(keyMark, path);
            var key = path.Member(name);
            Next();
            if (!TryReadValue(key, out var value))
            {
                node = null;
                return false;
            }

            if (seen.TryAdd(name, keyMark.Line))
            {
                members.Add(new ConfigMember(name, keyMark, value));
            }
            else
            {
                _issues.Error(keyMark, key, $"stands twice, on lines {seen[name]} and {keyMark.Line}", "Remove one of the two");
            }
        }

        _depth--;
        node = ConfigNode.Object(mark, path, members.DrainToImmutable());
        return true;
    }

    private bool TryReadArray(ConfigMark mark, KeyPath path, [NotNullWhen(true)] out ConfigNode? node)
    {
        Open('[', mark.Line);
        var items = ImmutableArray.CreateBuilder<ConfigNode>();
        for (Next(); _reader.TokenType != JsonTokenType.EndArray; Next())
        {
            if (!TryReadValue(path.Item(items.Count), out var item))
            {
                node = null;
                return false;
            }

            items.Add(item);
        }

        _depth--;
        node = ConfigNode.Array(mark, path, items.DrainToImmutable());
        return true;
    }

    private void Open(char bracket, int line)
    {
        _brackets[_depth] = bracket;
        _bracketLines[_depth++] = line;
    }

    private readonly string Text(ConfigMark mark, KeyPath path)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape: no text at all.
            _issues.Error(mark, path, "holds half of a character", "Write both \\u escapes of the pair, or the character itself");
            return "";
        }
    }
}
