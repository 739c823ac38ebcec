using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Editing;

/// <summary>The text of a JSON file, changed in places: whatever is not changed stays byte for byte, comments and white space among it.</summary>
internal sealed class JsonFile
{
    private static readonly byte[] s_mark = [0xEF, 0xBB, 0xBF];
    private readonly bool _hasMark;
    private byte[] _text;

    private JsonFile(byte[] text, bool hasMark)
    {
        _text = text;
        _hasMark = hasMark;
    }

    /// <summary>The whole file.</summary>
    public byte[] Bytes => _hasMark ? [.. s_mark, .. _text] : _text;

    /// <summary>What it holds now.</summary>
    public JsonPiece Root => JsonPiece.Read(_text);

    /// <summary>Reads a file.</summary>
    /// <returns>Null when it holds no object, or not one that can be read.</returns>
    public static JsonFile? Open(byte[] bytes)
    {
        var issues = new IssueList();
        var text = Utf8Text.WithoutMark(bytes).ToArray();
        return JsonTree.Read(bytes, "", KeyPath.Top, issues) is { Kind: ConfigKind.Object } && !issues.HasErrors ? new JsonFile(text, text.Length != bytes.Length) : null;
    }

    /// <summary>A value as JSON.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>A list as JSON.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    /// <summary>Finds a value.</summary>
    /// <param name="path">The names of the members that lead to it.</param>
    public JsonPiece? Find(params ReadOnlySpan<string> path)
    {
        var piece = Root;
        foreach (var name in path)
        {
            if (piece.Find(name) is not { } part)
            {
                return null;
            }

            piece = part;
        }

        return piece;
    }

    /// <summary>Sets a member, in the place of the one that is there or behind the others. Objects on the way are made.</summary>
    /// <param name="path">The names of the members that lead to it.</param>
    /// <param name="json">Its value.</param>
    public void Set(string[] path, string json)
    {
        if (Find(path) is { } there)
        {
            Splice(there.Start, there.End, json);
            return;
        }

        var parent = path[..^1];
        if (parent.Length > 0 && Find(parent) is not { Kind: ConfigKind.Object })
        {
            Set(parent, "{}");
        }

        Insert(Find(parent)!, $"{Quote(path[^1])}: {json}");
    }

    /// <summary>Adds an item behind the others of an array.</summary>
    public void AddItem(string[] path, string json) => Insert(Find(path)!, json);

    /// <summary>Gives a member another name.</summary>
    public void Rename(string[] path, string name)
    {
        if (Find(path) is { } there)
        {
            Splice(there.KeyStart, there.KeyEnd, Quote(name));
        }
    }

    /// <summary>Puts a value in the place of one that was just found.</summary>
    public void SetPiece(JsonPiece piece, string json) => Splice(piece.Start, piece.End, json);

    /// <summary>Removes a member, if it is there.</summary>
    public void Remove(params string[] path)
    {
        if (Find(path.AsSpan(..^1)) is { } parent && parent.Find(path[^1]) is { } member)
        {
            Cut(parent, parent.Parts.IndexOf(member));
        }
    }

    /// <summary>Removes an item of an array.</summary>
    public void RemoveItem(string[] path, int index) => Cut(Find(path)!, index);

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r';

    private void Splice(int start, int end, string text) => _text = [.. _text[..start], .. Encoding.UTF8.GetBytes(text), .. _text[end..]];

    private void Insert(JsonPiece parent, string text)
    {
        var close = parent.End - 1;
        var isWide = _text.AsSpan(parent.Start, close - parent.Start).Contains((byte)'\n');
        if (!isWide)
        {
            // On one line: right behind the last part, or alone.
            var last = parent.Parts.LastOrDefault();
            var pad = parent.Kind == ConfigKind.Object ? " " : "";
            Splice(last?.End ?? parent.Start + 1, last?.End ?? close, last is null ? $"{pad}{text}{pad}" : $", {text}");
            return;
        }

        // A line of its own before the closing bracket: what is written behind the last part, a comment perhaps, stays with that.
        var at = close;
        while (IsBlank(_text[at - 1]) || _text[at - 1] == '\n')
        {
            at--;
        }

        var line = _text.AsSpan().IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";
        var indent = parent.Parts.Count > 0 && LeadOf(parent.Parts[^1].KeyStart) is { } lead ? lead : (LeadOf(close) ?? "") + "  ";
        Splice(at, at, $"{line}{indent}{text}");
        if (parent.Parts.Count > 0 && JsonPiece.Next(_text, parent.Parts[^1].End) is var next && _text[next] != ',')
        {
            Splice(parent.Parts[^1].End, parent.Parts[^1].End, ",");
        }
    }

    /// <summary>The white space before something on its line; null when something else stands there.</summary>
    private string? LeadOf(int at)
    {
        var start = at;
        while (start > 0 && IsBlank(_text[start - 1]))
        {
            start--;
        }

        return start == 0 || _text[start - 1] == '\n' ? Encoding.UTF8.GetString(_text.AsSpan(start, at - start)) : null;
    }

    private void Cut(JsonPiece parent, int index)
    {
        var part = parent.Parts[index];
        var (start, end) = (part.KeyStart, part.End);
        var next = JsonPiece.Next(_text, end);
        if (_text[next] == ',')
        {
            // A comment between the two stays.
            Splice(next, next + 1, "");
        }
        else if (index > 0)
        {
            var comma = JsonPiece.Next(_text, parent.Parts[index - 1].End);
            Splice(comma, comma + 1, "");
            (start, end) = (start - 1, end - 1);
        }

        var (first, last) = (start, end);
        while (first > 0 && IsBlank(_text[first - 1]))
        {
            first--;
        }

        while (last < _text.Length && IsBlank(_text[last]))
        {
            last++;
        }

        var isLine = first > 0 && _text[first - 1] == '\n' && last < _text.Length && _text[last] == '\n';
        if (isLine)
        {
            Splice(first, last + 1, "");
        }
        else if (index < parent.Parts.Count - 1)
        {
            Splice(start, last, "");
        }
        else
        {
            // The last one takes the space before it along, and leaves that before the bracket.
            Splice(first, end, "");
        }
    }
}
