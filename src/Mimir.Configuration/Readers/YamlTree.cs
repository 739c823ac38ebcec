using System.Collections.Immutable;
using System.Text;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mimir.Configuration.Readers;

/// <summary>
/// Reads one YAML document into the neutral tree. What makes a small file large or its reader do more than read is refused:
/// anchors and aliases, tags, more documents than one. A key that stands twice is an error. Words are taken as YAML 1.2 has
/// them: <c>yes</c> and <c>on</c> are text.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>The largest file: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Deepest nesting, as in JSON.</summary>
    public const int MaxDepth = JsonTree.MaxDepth;

    /// <summary>Most keys and values.</summary>
    public const int MaxNodes = 100_000;

    private readonly IParser _events;
    private readonly string _file;
    private readonly IssueList _issues;
    private int _depth;
    private int _nodes;

    private YamlTree(IParser events, string file, IssueList issues)
    {
        _events = events;
        _file = file;
        _issues = issues;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">All its bytes.</param>
    /// <param name="file">Its full path.</param>
    /// <param name="issues">Told what is wrong.</param>
    /// <param name="whenEmpty">What to write into a file that holds nothing; null where such a file says nothing and is an empty object.</param>
    /// <returns>The tree; null when the file cannot be read as YAML. A tree is returned even if a key stands twice.</returns>
    public static ConfigNode? Read(ReadOnlySpan<byte> utf8, string file, IssueList issues, string? whenEmpty = null)
    {
        utf8 = Utf8Text.WithoutMark(utf8);
        if (!Utf8Text.IsValid(utf8, file, KeyPath.Top, issues))
        {
            return null;
        }

        if (utf8.Length > MaxBytes)
        {
            issues.Error(file, $"is larger than {MaxBytes >> 20} MiB", "Name the right file: no configuration needs that much");
            return null;
        }

        try
        {
            return new YamlTree(new Parser(new StringReader(Encoding.UTF8.GetString(utf8))), file, issues).ReadAll(whenEmpty);
        }
        catch (YamlException e)
        {
            // Its message may repeat what stands there, which may be part of a secret.
            var (message, line) = Fault(utf8, (int)e.Start.Line);
            issues.Error(new ConfigMark(file, line, line == e.Start.Line ? (int)e.Start.Column : 1), KeyPath.Top, message, "Indent with spaces, the keys of one object alike; put a space after the colon of a key, and text with : # { [ & * ! in quotes");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            issues.Error(file, $"is not YAML ({e.GetType().Name})", "Check escapes like \\u in double quotes, and directives that begin with %");
        }

        return null;
    }

    /// <summary>The commonest fault is hard to see. The parser tells of it where the value began that it could not go on with.</summary>
    private static (string Message, int Line) Fault(ReadOnlySpan<byte> utf8, int line)
    {
        for (var i = 1; i <= line + 1; i++)
        {
            if (i >= line && utf8.TrimStart((byte)' ') is [(byte)'\t', ..])
            {
                return ("a tab indents this line", i);
            }

            utf8 = utf8.IndexOf((byte)'\n') is var end and >= 0 ? utf8[(end + 1)..] : [];
        }

        return ("this is not YAML", line);
    }

    private static ConfigMark Place(in Mark mark, string file) => new(file, (int)mark.Line, (int)mark.Column);

    private ConfigNode? ReadAll(string? whenEmpty)
    {
        _events.Consume<StreamStart>();
        if (_events.Accept<StreamEnd>(out _))
        {
            if (whenEmpty is null)
            {
                return ConfigNode.Object(ConfigMark.Whole(_file), KeyPath.Top, []);
            }

            _issues.Error(_file, "the file is empty", whenEmpty);
            return null;
        }

        _events.Consume<DocumentStart>();
        if (ReadNode(KeyPath.Top) is not { } node)
        {
            return null;
        }

        _events.Consume<DocumentEnd>();
        if (_events.TryConsume<DocumentStart>(out var next))
        {
            _issues.Error(Place(next.Start, _file), KeyPath.Top, "a second document begins", "Remove it: the file is one document");
            return null;
        }

        return node;
    }

    /// <summary>Reads the next node; null after a fault, which is reported by then.</summary>
    private ConfigNode? ReadNode(KeyPath path)
    {
        var mark = Place(_events.Current!.Start, _file);
        if (++_nodes > MaxNodes)
        {
            return Fail(mark, path, $"the file holds more than {MaxNodes} keys and values", "Name the right file: no configuration needs that much");
        }

        switch (_events.Current)
        {
            case AnchorAlias:
                return Fail(mark, path, "an alias (*) stands here", "Write out what it stands for: aliases are not taken");
            case NodeEvent { Anchor.IsEmpty: false }:
                return Fail(mark, path, "an anchor (&) stands here", "Remove it, or put text that begins with & in quotes");
            case NodeEvent { Tag.IsEmpty: false }:
                return Fail(mark, path, "a tag (!) stands here", "Remove it, or put text that begins with ! in quotes");
            case Scalar scalar:
                _events.MoveNext();
                return ConfigNode.Scalar(KindOf(scalar), mark, path, KindOf(scalar) switch
                {
                    ConfigKind.Null => "",
                    ConfigKind.Boolean => scalar.Value.ToLowerInvariant(),
                    _ => scalar.Value,
                });
            case MappingStart or SequenceStart when _depth == MaxDepth:
                return Fail(mark, path, $"is nested more than {MaxDepth} deep", "Flatten it: no key of a configuration lies that deep");
            case MappingStart:
                return ReadObject(mark, path);
            default:
                return ReadArray(mark, path);
        }
    }

    private ConfigNode? ReadObject(ConfigMark mark, KeyPath path)
    {
        _depth++;
        _events.Consume<MappingStart>();
        var members = ImmutableArray.CreateBuilder<ConfigMember>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            var keyMark = Place(_events.Current!.Start, _file);
            if (_events.Current is not Scalar and not AnchorAlias)
            {
                return Fail(keyMark, path, "a key is a list or an object", "Write a plain word before the colon");
            }

            if (ReadNode(path) is not { } key || ReadNode(path.Member(key.Text)) is not { } value)
            {
                return null;
            }

            if (seen.TryAdd(key.Text, keyMark.Line))
            {
                members.Add(new ConfigMember(key.Text, keyMark, value));
            }
            else
            {
                _issues.Error(keyMark, path.Member(key.Text), $"stands twice, on lines {seen[key.Text]} and {keyMark.Line}", "Remove one of the two");
            }
        }

        _depth--;
        return ConfigNode.Object(mark, path, members.DrainToImmutable());
    }

    private ConfigNode? ReadArray(ConfigMark mark, KeyPath path)
    {
        _depth++;
        _events.Consume<SequenceStart>();
        var items = ImmutableArray.CreateBuilder<ConfigNode>();
        while (!_events.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(path.Item(items.Count)) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        _depth--;
        return ConfigNode.Array(mark, path, items.DrainToImmutable());
    }

    /// <summary>The core schema of YAML 1.2 (10.3.2), for what the configuration can use: what is not plainly a number is text.</summary>
    private static ConfigKind KindOf(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
        {
            return ConfigKind.String;
        }

        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => ConfigKind.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ConfigKind.Boolean,
            _ => IsNumber(scalar.Value) ? ConfigKind.Number : ConfigKind.String,
        };
    }

    private static bool IsNumber(string text)
    {
        var digits = text.AsSpan(text[0] == '-' ? 1 : 0);
        var point = digits.IndexOf('.');
        return point < 0 ? AreDigits(digits) : AreDigits(digits[..point]) && AreDigits(digits[(point + 1)..]);
    }

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private ConfigNode? Fail(ConfigMark mark, KeyPath path, string message, string remedy)
    {
        _issues.Error(mark, path, message, remedy);
        return null;
    }
}
