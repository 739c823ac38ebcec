using System.Collections.Immutable;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Model;

/// <summary>One entry of <c>namespaces</c> as a human wrote it.</summary>
/// <param name="Name">The key before its entry.</param>
/// <param name="Source">Its entry; the place is that of the key.</param>
public sealed record NamespaceConfig(string Name, ConfigMember Source)
{
    /// <summary><c>description</c>.</summary>
    public Setting<string> Description { get; init; }

    /// <summary><c>servers</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> Servers { get; init; }

    /// <summary><c>denyByDefault</c>.</summary>
    public Setting<bool> DenyByDefault { get; init; }

    /// <summary><c>overrides</c>, in written order.</summary>
    public ImmutableArray<OverrideConfig> Overrides { get; init; } = [];

    /// <summary><c>mode</c>: <c>list</c> or <c>meta</c>.</summary>
    public Setting<string> Mode { get; init; }

    /// <summary><c>default</c>: whether it is the one of clients that choose none.</summary>
    public Setting<bool> IsDefault { get; init; }

    /// <summary><c>permissions</c>, in written order.</summary>
    public ImmutableArray<PermissionConfig> Permissions { get; init; } = [];
}
