using System.Text;

namespace Mimir.Functional.Reload;

/// <summary>A good file that was broken in one place.</summary>
/// <param name="What">How it was broken, for whoever reads of it.</param>
/// <param name="Bytes">What it holds now.</param>
/// <param name="Lines">The lines one of which the fault is to be told with.</param>
/// <param name="IsTakenOver">True when the fault sets this file alone aside, so that the rest is read again without it.</param>
internal sealed record Mutant(string What, byte[] Bytes, int[] Lines, bool IsTakenOver)
{
    private static readonly UTF8Encoding s_strict = new(false, true);

    /// <summary>Breaks a file.</summary>
    /// <param name="file">Its path: its ending tells what it is written in.</param>
    /// <param name="good">What it holds.</param>
    /// <param name="random">Decides how and where.</param>
    public static Mutant Of(string file, byte[] good, Random random)
    {
        var lines = s_strict.GetString(good).Split('\n');
        var isText = file.EndsWith(".md", StringComparison.Ordinal);
        return (random.Next(3), Path.GetExtension(file)) switch
        {
            (0, ".json") => Cut(file, good, random),
            (0 or 1, _) => Strange(file, lines, isText, random),
            _ => Raw(file, lines, isText, random),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{What}, to be told with line {string.Join(" or ", Lines)}";

    /// <summary>A line that no format begins so. The body of a text may hold anything, so it stands above that.</summary>
    private static Mutant Strange(string file, string[] lines, bool isText, Random random)
    {
        var at = random.Next(isText ? Array.LastIndexOf(lines, "---") + 1 : lines.Length);

        // YAML may go wrong only a line later, where it can go on no more.
        var isYaml = isText || file.EndsWith(".yaml", StringComparison.Ordinal);
        var text = string.Join('\n', lines.Take(at).Append("@@@").Concat(lines.Skip(at)));
        return new Mutant($"{file} with a strange line before line {at + 1}", s_strict.GetBytes(text), isYaml ? [at + 1, at + 2] : [at + 1], isText);
    }

    /// <summary>A byte that is no text in UTF-8, anywhere.</summary>
    private static Mutant Raw(string file, string[] lines, bool isText, Random random)
    {
        var at = random.Next(lines.Length);
        var column = random.Next(lines[at].Length + 1);
        var before = string.Join('\n', lines.Take(at).Append(lines[at][..column]));
        var after = string.Join('\n', lines.Skip(at + 1).Prepend(lines[at][column..]));
        return new Mutant($"{file} with a byte 0xFF in line {at + 1}", [.. s_strict.GetBytes(before), 0xFF, .. s_strict.GetBytes(after)], [at + 1], isText);
    }

    /// <summary>The beginning of an object alone. Where it breaks off behind the end of a line, that line or the empty one may be told.</summary>
    private static Mutant Cut(string file, byte[] good, Random random)
    {
        var length = random.Next(1, good.AsSpan().LastIndexOf((byte)'}'));
        var last = 1 + good.AsSpan(0, length).Count((byte)'\n');
        var written = 1 + good.AsSpan(0, length).TrimEnd(" \n"u8).Count((byte)'\n');
        return new Mutant($"{file} cut after {length} bytes", good[..length], [.. Enumerable.Range(written, last - written + 1)], false);
    }
}
