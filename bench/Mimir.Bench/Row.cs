namespace Mimir.Bench;

/// <summary>One line of the results.</summary>
internal sealed record Row
{
    /// <summary>What is measured, and its unit.</summary>
    public required string Name { get; init; }

    /// <summary>What the reference is: the floor, a static reply, a bare process.</summary>
    public string ReferenceName { get; init; } = "floor";

    /// <summary>Without anything in between.</summary>
    public double? Direct { get; init; }

    /// <summary>Of the reference.</summary>
    public double? Reference { get; init; }

    /// <summary>Of the router.</summary>
    public double? Router { get; init; }

    /// <summary>Router by reference, taken round by round.</summary>
    public Spread? Ratio { get; init; }

    /// <summary>What it must keep; null when it is shown only.</summary>
    public Limit? Limit { get; init; }

    /// <summary>Why there is no figure, or why it does not count.</summary>
    public string? Problem { get; init; }

    /// <summary>In a word.</summary>
    public string Verdict => Problem is not null ? "not measured"
        : Limit is null ? ""
        : Router is null || (Limit.Rule != LimitRule.ValueAtMost && Reference is null) ? "not measured"
        : Limit.IsKept(this) ? "kept" : "missed";

    /// <summary>Makes a row from the figures of each round.</summary>
    public static Row From(string name, Limit? limit, IReadOnlyList<double>? direct, IReadOnlyList<double>? reference, IReadOnlyList<double>? router) => new()
    {
        Name = name,
        Limit = limit,
        Direct = Spread.Of(direct ?? [])?.Median,
        Reference = Spread.Of(reference ?? [])?.Median,
        Router = Spread.Of(router ?? [])?.Median,
        Ratio = reference is null || router is null ? null : Spread.Of(router.Zip(reference, static (a, b) => a / b)),
    };
}
