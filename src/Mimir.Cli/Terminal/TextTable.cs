namespace Mimir.Cli.Terminal;

/// <summary>Rows of text in aligned columns, two spaces between. Cells are escaped here, so that nobody can forget it.</summary>
internal sealed class TextTable(params string[] headers)
{
    private const string Gap = "  ";

    // Less than this of the last column says nothing; the line wraps instead.
    private const int LeastLastColumn = 20;

    private readonly List<(string Text, Ink Ink)[]> _rows = [];
    private readonly HashSet<int> _right = [];

    /// <summary>Sets a column flush right, as numbers are read best.</summary>
    public TextTable AlignRight(params ReadOnlySpan<int> columns)
    {
        foreach (var column in columns)
        {
            _right.Add(column);
        }

        return this;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">As many as there are headers. Texts from outside may be given as they are.</param>
    public void Add(params (string? Text, Ink Ink)[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, headers.Length);
        _rows.Add([.. cells.Select(c => (SafeText.Prose(c.Text), c.Ink))]);
    }

    /// <summary>Writes it to stdout. On a terminal the last column is cut to fit; elsewhere nothing is lost.</summary>
    public void WriteTo(CliConsole console)
    {
        var last = headers.Length - 1;
        var widths = headers.Select((h, i) => Math.Max(h.Length, _rows.Select(r => DisplayWidth.Of(r[i].Text)).DefaultIfEmpty(0).Max())).ToArray();
        var before = widths.Take(last).Sum(w => w + Gap.Length);
        var room = console.OutIsTerminal ? Math.Max(LeastLastColumn, console.Width - before) : int.MaxValue;

        WriteRow(console, [.. headers.Select(h => (h, Ink.Faint))], widths, room);
        foreach (var row in _rows)
        {
            WriteRow(console, row, widths, room);
        }
    }

    private void WriteRow(CliConsole console, (string Text, Ink Ink)[] cells, int[] widths, int room)
    {
        var line = new System.Text.StringBuilder();
        var owed = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            var text = i == cells.Length - 1 ? DisplayWidth.Fit(cells[i].Text, room) : cells[i].Text;
            var padding = widths[i] - DisplayWidth.Of(text);
            owed += _right.Contains(i) ? Math.Max(0, padding) : 0;
            if (text.Length > 0)
            {
                // Spaces are written only when something follows: no line ends in them.
                line.Append(' ', owed).Append(console.OnOut(cells[i].Ink, text));
                owed = 0;
            }

            owed += (_right.Contains(i) ? 0 : Math.Max(0, padding)) + Gap.Length;
        }

        console.Out.WriteLine(line.ToString());
    }
}
