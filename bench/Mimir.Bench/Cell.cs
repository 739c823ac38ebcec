using Mimir.Load;

namespace Mimir.Bench;

/// <summary>One target under one load, over all rounds.</summary>
internal sealed class Cell(string load, Kind kind)
{
    private readonly List<LoadResult> _results = [];

    public string Load { get; } = load;

    public Kind Kind { get; } = kind;

    /// <summary>The first thing that went wrong.</summary>
    public string? Problem { get; private set; }

    /// <summary>Figures of every round; NaN where something went wrong, so that rounds stay beside each other.</summary>
    public IReadOnlyList<double> Figures(Func<LoadResult, double> figure) => [.. _results.Select(r => r.Errors > 0 ? double.NaN : figure(r))];

    public void Add(LoadResult result)
    {
        _results.Add(result);
        if (result.Errors > 0)
        {
            Problem ??= $"{Kind}, {Load}: {result.Errors} wrong replies, the first: {result.FirstError}";
        }
    }
}
