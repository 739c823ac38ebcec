using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Model;

/// <summary>One entry of <c>overrides</c> of a namespace as a human wrote it.</summary>
/// <param name="Source">The entry.</param>
public sealed record OverrideConfig(ConfigNode Source)
{
    /// <summary><c>server</c>.</summary>
    public Setting<string> Server { get; init; }

    /// <summary><c>tool</c>.</summary>
    public Setting<string> Tool { get; init; }

    /// <summary><c>name</c>.</summary>
    public Setting<string> Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Setting<string> Description { get; init; }

    /// <summary><c>arguments</c>: of each the name and its value as JSON.</summary>
    public Setting<IReadOnlyList<TextEntry>> Arguments { get; init; }
}
