using System.Collections.Immutable;

namespace Mimir.Router.Model.Permissions;

/// <summary>What a namespace shows of one tool instead of what its server says.</summary>
/// <param name="Owner">The server's name, or the cluster's that the server is a member of.</param>
/// <param name="Tool">The server's own name of it.</param>
public sealed record ToolOverride(string Owner, string Tool)
{
    /// <summary>The whole name that clients see and call, or null for what is made as ever. 1 to 64 letters, digits and <c>_</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The description that clients see, or null for the server's own.</summary>
    public string? Description { get; init; }

    /// <summary>Arguments that clients neither see nor may give, and the JSON value that the server gets of each.</summary>
    public ImmutableSortedDictionary<string, string> Arguments { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <inheritdoc/>
    public bool Equals(ToolOverride? other) =>
        other is not null && Owner == other.Owner && Tool == other.Tool && Name == other.Name && Description == other.Description && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Owner, Tool, Name, Arguments.Count);

    /// <summary>Never the values.</summary>
    public override string ToString() => $"{Owner} {Tool}";
}
