namespace Mimir.Identity.Vaults;

/// <summary>One secret.</summary>
/// <param name="value">What it is.</param>
/// <param name="setAt">When it was set, UTC.</param>
public sealed class VaultEntry(string value, DateTimeOffset setAt)
{
    /// <summary>What it is: for whoever passes it on, and for nobody's eyes.</summary>
    public string Value { get; } = value;

    /// <summary>When it was set, UTC, to the millisecond.</summary>
    public DateTimeOffset SetAt { get; } = setAt;

    /// <summary>Never the value.</summary>
    public override string ToString() => "a secret";
}
