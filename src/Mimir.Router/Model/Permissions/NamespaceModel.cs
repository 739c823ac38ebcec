using System.Collections.Immutable;

namespace Mimir.Router.Model.Permissions;

/// <summary>A named selection of servers, and of what they offer, that a client is given.</summary>
/// <param name="Name">Its name: 1 to 64 characters, a segment of a URL, no server's name.</param>
public sealed record NamespaceModel(string Name)
{
    /// <summary>For people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The names of its servers, in no order; one that is not offered is passed over.</summary>
    public ImmutableArray<string> Servers { get; init; } = [];

    /// <summary>Whether what nobody speaks of is denied. Default false.</summary>
    public bool DeniesByDefault { get; init; }

    /// <summary>What it says of its servers, by their names.</summary>
    public ImmutableSortedDictionary<string, NamespaceGrant> Grants { get; init; } = ImmutableSortedDictionary<string, NamespaceGrant>.Empty;

    /// <summary>What it shows of tools instead of what their servers say, in no order, no tool twice.</summary>
    public ImmutableArray<ToolOverride> Overrides { get; init; } = [];

    /// <summary>Whether its tools are not listed one by one, but found and called by the four tools of meta mode. Default false.</summary>
    public bool IsMeta { get; init; }

    /// <inheritdoc/>
    public bool Equals(NamespaceModel? other) =>
        other is not null && Name == other.Name && Description == other.Description && DeniesByDefault == other.DeniesByDefault
        && IsMeta == other.IsMeta && Servers.SequenceEqual(other.Servers) && Grants.SequenceEqual(other.Grants) && Overrides.SequenceEqual(other.Overrides);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, DeniesByDefault, Servers.Length, Grants.Count);
}
