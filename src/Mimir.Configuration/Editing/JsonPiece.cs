using Mimir.Configuration.Readers;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Editing;

/// <summary>A value in the text of a JSON file, and where it stands: offsets in bytes.</summary>
internal sealed class JsonPiece
{
    private JsonPiece(ConfigKind kind, int start)
    {
        Kind = kind;
        Start = start;
    }

    /// <summary>What it is.</summary>
    public ConfigKind Kind { get; }

    /// <summary>Its first byte.</summary>
    public int Start { get; }

    /// <summary>Behind its last byte.</summary>
    public int End { get; private set; }

    /// <summary>The text of a string; empty for everything else.</summary>
    public string Text { get; private set; } = "";

    /// <summary>For a member of an object: the first byte of its key; else that of the value.</summary>
    public int KeyStart { get; private set; }

    /// <summary>For a member of an object: behind its key.</summary>
    public int KeyEnd { get; private set; }

    /// <summary>For a member of an object: its key.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The values of members or items, in written order.</summary>
    public List<JsonPiece> Parts { get; } = [];

    /// <summary>The member of a name, or null.</summary>
    public JsonPiece? Find(string name) => Kind == ConfigKind.Object ? Parts.Find(p => p.Name == name) : null;

    /// <summary>Reads a text that is known to be good: JSON with comments and trailing commas.</summary>
    public static JsonPiece Read(ReadOnlySpan<byte> utf8)
    {
        var scanner = new JsonScanner(utf8);
        return Value(ref scanner);
    }

    /// <summary>The offset of the next byte that is neither white space nor part of a comment.</summary>
    public static int Next(ReadOnlySpan<byte> utf8, int at)
    {
        var scanner = new JsonScanner(utf8) { At = at };
        scanner.SkipSpace();
        return scanner.At;
    }

    private static JsonPiece Value(ref JsonScanner scanner)
    {
        scanner.SkipSpace();
        var piece = new JsonPiece(
            scanner.Next switch
            {
                (byte)'{' => ConfigKind.Object,
                (byte)'[' => ConfigKind.Array,
                (byte)'"' => ConfigKind.String,
                (byte)'t' or (byte)'f' => ConfigKind.Boolean,
                (byte)'n' => ConfigKind.Null,
                _ => ConfigKind.Number,
            },
            scanner.At);
        switch (piece.Kind)
        {
            case ConfigKind.Object or ConfigKind.Array:
                piece.ReadParts(ref scanner);
                break;
            case ConfigKind.String:
                scanner.TakeString(out var text);
                piece.Text = text ?? "";
                break;
            case ConfigKind.Number:
                scanner.TakeNumber(out _);
                break;
            default:
                _ = scanner.TryTakeWord("true"u8) || scanner.TryTakeWord("false"u8) || scanner.TryTakeWord("null"u8);
                break;
        }

        piece.End = scanner.At;
        return piece;
    }

    private void ReadParts(ref JsonScanner scanner)
    {
        var closing = Kind == ConfigKind.Object ? '}' : ']';
        scanner.At++;
        for (scanner.SkipSpace(); !scanner.IsAtEnd && scanner.Next != closing; scanner.SkipSpace())
        {
            var (name, start) = ("", scanner.At);
            var end = start;
            if (Kind == ConfigKind.Object)
            {
                scanner.TakeString(out var key);
                (name, end) = (key ?? "", scanner.At);
                scanner.SkipSpace();
                scanner.At++;
            }

            var part = Value(ref scanner);
            (part.Name, part.KeyStart, part.KeyEnd) = (name, start, end);
            Parts.Add(part);
            scanner.SkipSpace();
            scanner.At += scanner.Next == ',' ? 1 : 0;
        }

        scanner.At++;
    }
}
