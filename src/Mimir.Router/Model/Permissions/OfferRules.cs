using System.Collections.Immutable;

namespace Mimir.Router.Model.Permissions;

/// <summary>What is allowed and denied of one kind: patterns (<see cref="Routing.Glob"/>) over a server's own names, for resources over uris.</summary>
public sealed record OfferRules
{
    /// <summary>Nothing is said.</summary>
    public static OfferRules None { get; } = new();

    /// <summary>What is allowed; default (and not empty) when nothing is said of it.</summary>
    public ImmutableArray<string> Allowed { get; init; }

    /// <summary>What is denied.</summary>
    public ImmutableArray<string> Denied { get; init; } = [];

    /// <summary>Whether nothing is said.</summary>
    public bool IsEmpty => Allowed.IsDefault && Denied.IsEmpty;

    /// <inheritdoc/>
    public bool Equals(OfferRules? other) =>
        other is not null && Allowed.IsDefault == other.Allowed.IsDefault && (Allowed.IsDefault || Allowed.SequenceEqual(other.Allowed)) && Denied.SequenceEqual(other.Denied);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Allowed.IsDefault ? -1 : Allowed.Length, Denied.Length);
}
