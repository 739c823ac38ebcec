using System.Text;

namespace Mimir.Interop.Toml;

/// <summary>
/// Random TOML: values of every kind as they may be written, below headers and dotted keys of so few names that they often
/// collide, so that a good part of the documents breaks a rule about who may add to which table. One thing is left out, because
/// the specification leaves it open and readers differ: dotted keys that add to a table which is only implied by a deeper header.
/// </summary>
/// <param name="random">Where chance comes from.</param>
internal sealed class TomlDocuments(Random random)
{
    private static readonly (string Written, string Means)[] Names =
        [("a", "a"), ("b", "b"), ("c", "c"), ("\"a\"", "a"), ("'b'", "b"), ("\"\\u0063\"", "c"), ("d-e", "d-e"), ("7", "7")];

    private static readonly string[] Scalars =
    [
        "0", "-17", "+99", "1_000", "0xDEAD_beef", "0o755", "0b1010", "9223372036854775807", "-9223372036854775808",
        "3.14", "-0.01", "5e+22", "1e06", "-2E-2", "6.626e-34", "224_617.445_991_228", "inf", "-inf", "nan", "true", "false",
        "1979-05-27", "07:32:00", "00:32:00.999", "1979-05-27T07:32:00Z", "1979-05-27 00:32:00-07:00", "1979-05-27T00:32:00.5",
        "\"\"", "''", "\"x # y\"", "\"\\t\\\"\\\\\\u00e9\\U0001F600\"", "'C:\\x'", "\"\"\"\none \\\n   two\"\"\"", "'''\n'x''\n'''", "\"\"\"\"q\"\"\"\"\"", "\"\u4e2d\"",
    ];

    private readonly HashSet<string> _implied = new(StringComparer.Ordinal);
    private string _header = "";

    /// <summary>The next document.</summary>
    public string Next()
    {
        _implied.Clear();
        _header = "";
        var text = new StringBuilder();
        for (int lines = random.Next(1, 9); lines > 0; lines--)
        {
            text.Append(random.Next(10) switch
            {
                0 => "# comment",
                1 => "",
                2 or 3 => $"[{Header()}]",
                4 => $"[[{Header()}]]",
                _ => Pair(2),
            }).Append(random.Next(4) == 0 ? " # c\r\n" : "\n");
        }

        return text.ToString();
    }

    private static IEnumerable<string> Prefixes(string header, (string Written, string Means)[] key) =>
        Enumerable.Range(1, key.Length - 1).Select(count => header + string.Concat(key.Take(count).Select(part => $"{part.Means}.")));

    private (string Written, string Means)[] Key() => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Names[random.Next(Names.Length)])];

    private string Written((string Written, string Means)[] key) => string.Join(random.Next(5) == 0 ? " . " : ".", key.Select(part => part.Written));

    private string Header()
    {
        (string Written, string Means)[] key = Key();
        _implied.UnionWith(Prefixes("", key));
        _header = string.Concat(key.Select(part => $"{part.Means}."));
        return Written(key);
    }

    private string Pair(int depth)
    {
        (string Written, string Means)[] key;
        do
        {
            key = Key();
        }
        while (depth == 2 && Prefixes(_header, key).Any(_implied.Contains));
        return $"{Written(key)} = {Value(depth)}";
    }

    private string Value(int depth) => depth == 0 ? Scalars[random.Next(Scalars.Length)] : random.Next(6) switch
    {
        0 => $"[{string.Join(random.Next(2) == 0 ? ", " : " # c\n, ", Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth - 1)))}]",
        1 => $"{{ {string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Pair(depth - 1)))} }}",
        _ => Scalars[random.Next(Scalars.Length)],
    };
}
