using System.Globalization;

namespace Mimir.Bench;

/// <summary>What a row must keep to be good enough.</summary>
/// <param name="Rule">How the bound is meant.</param>
/// <param name="Bound">The bound.</param>
internal sealed record Limit(LimitRule Rule, double Bound)
{
    public bool IsKept(Row row) => Rule switch
    {
        LimitRule.RatioAtMost => row.Ratio is { } r && r.Median <= Bound,
        LimitRule.RatioAtLeast => row.Ratio is { } r && r.Median >= Bound,
        LimitRule.ExcessAtMost => row.Router - row.Reference <= Bound,
        _ => row.Router <= Bound,
    };

    public override string ToString() => Rule switch
    {
        LimitRule.RatioAtMost => string.Create(CultureInfo.InvariantCulture, $"ratio ≤ {Bound:0.0#}"),
        LimitRule.RatioAtLeast => string.Create(CultureInfo.InvariantCulture, $"ratio ≥ {Bound:0.0#}"),
        LimitRule.ExcessAtMost => string.Create(CultureInfo.InvariantCulture, $"≤ floor + {Bound:0.#}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"≤ {Bound:0.#}"),
    };
}
