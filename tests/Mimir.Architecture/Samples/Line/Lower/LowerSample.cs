namespace Mimir.Architecture.Samples.Line.Lower;

#pragma warning disable CA1852 // The compiler notices it as well; here the rule itself is tried.
/// <summary>Left open on purpose: the rules must notice it.</summary>
internal class LowerSample
{
    public int Value { get; init; }
}

/// <summary>A second type in one file on purpose: the rules must notice it.</summary>
internal enum LowerKind
{
    None,
}
