using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Tests.Terminal;

public sealed class SafeTextTests
{
    public static TheoryData<string> HostileTexts => new()
    {
        "\u001b[2J\u001b[1;1Hcleared",
        "\u001b]0;title\u0007",
        "\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\",
        "\u001b]52;c;ZXZpbA==\u0007",
        "\u009b31mred by C1",
        "\u0090dcs\u009c",
        "back\b\b\b\bfake",
        "over\rwritten",
        "bell\u0007 del\u007f nul\0",
        "\u202eevil\u202c reversed \u2066isolated\u2069",
        "zero\u200bwidth\u200djoined\ufeffmark\u2060 soft\u00adhyphen",
        "tag \U000E0041\U000E0042 selector \U000E0100",
        "hangul \u3164 filler \uffa0 and \u034f",
        "variation a\ufe00\ufe01",
        "line\u2028para\u2029next\u0085",
        "lone \ud800 and \udc00",
        "private \ue000",
    };

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Line_HostileText_LeavesNothingInvisibleOrMoving(string text)
    {
        var safe = SafeText.Line(text);

        Assert.DoesNotContain(safe.EnumerateRunes(), r => IsDangerous(r));
        Assert.DoesNotContain('\ufffd', safe);
        Assert.Contains('\\', safe);
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Json_HostileText_KeepsTheValueAndLeavesNothingHostile(string text)
    {
        // The serializer of .NET has no form for a lone half of a pair, so the text is quoted by hand.
        var quoted = "\"" + string.Concat(text.Select(c => c is '"' or '\\' or < ' ' ? $"\\u{(int)c:x4}" : c.ToString())) + "\"";
        var json = $"{{{quoted}:{quoted}}}";

        var safe = SafeText.Json(json);

        Assert.DoesNotContain(safe.EnumerateRunes(), r => r.Value != '\n' && IsDangerous(r));
        var decoded = Regex.Replace(safe, @"\\u([0-9a-f]{4})", m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString());
        Assert.Equal($"{{\"{text}\":\"{text}\"}}", decoded);
    }

    [Theory]
    [InlineData("plain text, punctuation: {}[]\"'\\")]
    [InlineData("Grüße, 世界, мир, שלום, नमस्ते")]
    [InlineData("🚀 and ✔️")]
    public void Line_HarmlessText_IsUnchanged(string text) => Assert.Equal(text, SafeText.Line(text));

    [Fact]
    public void Line_Breaks_AreShown() => Assert.Equal("a\\nb\\tc\\x1b", SafeText.Line("a\nb\tc\u001b"));

    [Fact]
    public void Block_Breaks_AreKeptAndTheRestIsShown() => Assert.Equal("a\nb\tc\\rd\\x1b", SafeText.Block("a\r\nb\tc\rd\u001b"));

    [Fact]
    public void Prose_WhiteSpace_BecomesSingleSpaces() => Assert.Equal("one two three", SafeText.Prose("  one\n\n  two\t\r\nthree \n"));

    [Fact]
    public void Line_EveryCodePoint_IsEitherKeptOrPictured()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value))
            {
                continue;
            }

            var safe = SafeText.Line(new Rune(value).ToString());
            Assert.True(
                safe == new Rune(value).ToString() ? !IsDangerous(new Rune(value)) : safe.All(c => c is >= ' ' and < '\u007f'),
                $"U+{value:X4} became {safe}");
        }
    }

    private static bool IsDangerous(Rune rune) =>
        rune.Value is 0x034F or 0x3164 or 0xFFA0 or (>= 0xFE00 and <= 0xFE0E) or (>= 0xE0000 and <= 0xE0FFF)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse;
}
