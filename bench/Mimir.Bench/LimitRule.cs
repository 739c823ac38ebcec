namespace Mimir.Bench;

/// <summary>What a bound applies to.</summary>
internal enum LimitRule : byte
{
    /// <summary>The router's value by the reference's.</summary>
    RatioAtMost,

    /// <summary>The router's value by the reference's.</summary>
    RatioAtLeast,

    /// <summary>The router's value less the reference's.</summary>
    ExcessAtMost,

    /// <summary>The router's value.</summary>
    ValueAtMost,
}
