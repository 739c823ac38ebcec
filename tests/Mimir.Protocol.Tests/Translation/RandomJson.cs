using System.Globalization;
using System.Text;

namespace Mimir.Protocol.Tests.Translation;

/// <summary>Random JSON texts whose names are drawn from a few, with blanks and escapes wherever they may stand.</summary>
internal sealed class RandomJson(Random random, params string[] names)
{
    private static readonly string[] s_scalars =
        ["0", "-0.0", "1e400", "12345678901234567890", "1.50", "true", "false", "null", "\"\"", "\"a\\nb\"", "\"\\ud83d\\ude00\"", "\"{[,]}\\\"\"", "\"é\""];

    /// <summary>A value.</summary>
    /// <param name="depth">Deepest nesting of it.</param>
    public string Value(int depth) => random.Next(depth > 0 ? 4 : 2) switch
    {
        0 => s_scalars[random.Next(s_scalars.Length)],
        1 => $"\"{Spell(names[random.Next(names.Length)])}\"",
        2 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Blank() + Value(depth - 1) + Blank()))}{Blank()}]",
        _ => Object(depth),
    };

    /// <summary>An object.</summary>
    /// <param name="depth">Deepest nesting of it.</param>
    /// <param name="twice">Whether a name may stand twice.</param>
    /// <param name="first">Members that are put somewhere among the others.</param>
    public string Object(int depth, bool twice = false, params (string Name, string Value)[] first)
    {
        var members = first.ToList();
        for (var i = random.Next(6); i > 0; i--)
        {
            var name = names[random.Next(names.Length)];
            if (twice || members.All(m => m.Name != name))
            {
                members.Insert(random.Next(members.Count + 1), (name, Value(depth - 1)));
            }
        }

        return $"{{{string.Join(',', members.Select(m => $"{Blank()}\"{Spell(m.Name)}\"{Blank()}:{Blank()}{m.Value}{Blank()}"))}{Blank()}}}";
    }

    /// <summary>A name with some of its letters escaped.</summary>
    public string Spell(string name)
    {
        if (random.Next(4) != 0)
        {
            return name;
        }

        var text = new StringBuilder();
        foreach (var letter in name)
        {
            text.Append(random.Next(3) switch
            {
                0 => "\\u" + ((int)letter).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture),
                1 when letter == '/' => "\\/",
                _ => letter,
            });
        }

        return text.ToString();
    }

    private string Blank() => random.Next(8) switch { 0 => " ", 1 => "\t\r\n ", _ => "" };
}
