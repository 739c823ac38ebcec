namespace Mimir.Functional.Eras;

/// <summary>As its base, but the router lists four tools that find and call the others.</summary>
public sealed class MetaFixture : EraFixture
{
    /// <inheritdoc/>
    protected override bool IsMeta => true;
}
