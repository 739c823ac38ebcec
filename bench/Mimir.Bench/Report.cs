namespace Mimir.Bench;

/// <summary>Everything measured so far.</summary>
internal sealed class Report
{
    /// <summary>The rows, in the order they are shown.</summary>
    public List<Row> Rows { get; } = [];

    /// <summary>The cells behind them.</summary>
    public List<(string Topology, Cell Cell)> Cells { get; } = [];

    /// <summary>What went wrong.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Further figures worth a line.</summary>
    public List<string> Notes { get; } = [];
}
