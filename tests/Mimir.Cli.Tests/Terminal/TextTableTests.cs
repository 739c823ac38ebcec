using Mimir.Cli.Terminal;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Terminal;

public sealed class TextTableTests
{
    private static TextTable Sample()
    {
        var table = new TextTable("NAME", "N", "TEXT").AlignRight(1);
        table.Add(("a", Ink.Bold), ("5", Ink.Plain), ("first", Ink.Plain));
        table.Add(("世界", Ink.Bold), ("10", Ink.Plain), ("second \u001b[31mline\nbreak", Ink.Bad));
        table.Add(("long-name", Ink.Bold), ("", Ink.Plain), (null, Ink.Plain));
        return table;
    }

    [Fact]
    public void WriteTo_NoTerminal_IsPlainAlignedAndWhole()
    {
        var console = new TestConsole(colour: true);

        Sample().WriteTo(console.Console);

        Assert.Equal(
            """
            NAME        N  TEXT
            a           5  first
            世界       10  second \x1b[31mline break
            long-name

            """.ReplaceLineEndings("\n"),
            console.Out);
    }

    [Fact]
    public void WriteTo_ColourTerminal_PaintsAndFitsTheWidth()
    {
        var console = new TestConsole(terminal: true, colour: true, width: 40);
        var table = new TextTable("NAME", "TEXT");
        table.Add(("x", Ink.Good), (new string('y', 200), Ink.Plain));

        table.WriteTo(console.Console);

        var row = console.Out.Split('\n')[1];
        Assert.StartsWith("\u001b[32mx\u001b[0m", row, StringComparison.Ordinal);
        Assert.EndsWith("y\u2026", row, StringComparison.Ordinal);
        Assert.Equal(40, DisplayWidth.Of(row.Replace("\u001b[32m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void WriteTo_TerminalWithoutColour_HasNoEscapes()
    {
        var console = new TestConsole(terminal: true, colour: false);

        Sample().WriteTo(console.Console);

        Assert.DoesNotContain('\u001b', console.Out);
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("世界", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("🚀", 2)]
    public void WidthOf_Text_CountsColumns(string text, int columns) => Assert.Equal(columns, DisplayWidth.Of(text));

    [Fact]
    public void Fit_WideLetters_NeverExceedsTheWidth()
    {
        for (var width = 1; width < 12; width++)
        {
            Assert.InRange(DisplayWidth.Of(DisplayWidth.Fit("a世b界c🚀d", width)), 1, width);
        }
    }
}
