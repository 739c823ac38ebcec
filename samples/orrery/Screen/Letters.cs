using System.Numerics;

namespace Orrery.Screen;

/// <summary>Letters of three by five dots: SDL2 alone has none.</summary>
internal static class Letters
{
    private const int Step = 4;

    // A letter, and its five rows from the top as octal digits: the bits of a row are its dots from the left.
    private const string Drawn =
        "A25755 B65656 C34443 D65556 E74647 F74644 G34553 H55755 I72227 J11152 K55655 L44447 M57755 N65555 " +
        "O25552 P65644 Q25563 R65655 S34216 T72222 U55557 V55552 W55775 X55255 Y55222 Z71247 075557 126227 " +
        "261247 361216 455711 574616 634652 771222 825252 925316 .00002 -00700 !22202 '22000 ?61202";

    private static readonly Dictionary<char, string> s_rows = Drawn.Split(' ').ToDictionary(letter => letter[0], letter => letter[1..]);

    /// <summary>How many dots a text is wide.</summary>
    public static int Width(string text) => (text.Length * Step) - 1;

    /// <summary>The dots of a text, from its left upper corner. A letter that is not known is a gap.</summary>
    public static IEnumerable<Vector2> Dots(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!s_rows.TryGetValue(char.ToUpperInvariant(text[i]), out var rows)) continue;
            for (var y = 0; y < rows.Length; y++)
            {
                for (var x = 0; x < 3; x++)
                {
                    if (((rows[y] - '0') & (4 >> x)) != 0) yield return new Vector2((i * Step) + x, y);
                }
            }
        }
    }
}
