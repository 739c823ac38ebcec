using System.Collections.Immutable;

namespace Mimir.Router.Model.Permissions;

/// <summary>Who may see and call what.</summary>
public sealed record PermissionsModel
{
    /// <summary>Nothing is said: all is allowed.</summary>
    public static PermissionsModel None { get; } = new();

    /// <summary>What holds for a server wherever it is offered, by its name; servers of which nothing is said are not in it.</summary>
    public ImmutableSortedDictionary<string, ServerPermissions> Servers { get; init; } = ImmutableSortedDictionary<string, ServerPermissions>.Empty;

    /// <summary>The namespaces, in configured order.</summary>
    public ImmutableArray<NamespaceModel> Namespaces { get; init; } = [];

    /// <summary>The namespace of clients that choose none; null when none is named.</summary>
    public string? DefaultNamespace { get; init; }

    /// <summary>Whether clients are given no resources at all, of no server. Default false.</summary>
    public bool WithholdsResources { get; init; }

    /// <summary>Whether clients are given no prompts at all, of no server. Default false.</summary>
    public bool WithholdsPrompts { get; init; }

    /// <summary>The namespace of clients that choose none: the one that is named, or the only one.</summary>
    public NamespaceModel? Chosen => DefaultNamespace is { } name ? Find(name) : Namespaces.Length == 1 ? Namespaces[0] : null;

    /// <summary>Finds a namespace.</summary>
    public NamespaceModel? Find(string name)
    {
        foreach (var space in Namespaces)
        {
            if (space.Name == name)
            {
                return space;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(PermissionsModel? other) =>
        other is not null && DefaultNamespace == other.DefaultNamespace && WithholdsResources == other.WithholdsResources && WithholdsPrompts == other.WithholdsPrompts && Servers.SequenceEqual(other.Servers) && Namespaces.SequenceEqual(other.Namespaces);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DefaultNamespace, Servers.Count, Namespaces.Length);
}
