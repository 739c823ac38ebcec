using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Model;

/// <summary>One item of <c>routes</c> of a server as a human wrote it.</summary>
/// <param name="Source">The item.</param>
public sealed record RouteConfig(ConfigNode Source)
{
    /// <summary><c>pattern</c>.</summary>
    public Setting<string> Pattern { get; init; }

    /// <summary><c>strategy</c>: <c>path</c>, <c>capability</c> or <c>fallback</c>.</summary>
    public Setting<string> Strategy { get; init; }

    /// <summary><c>fallbackTo</c>, in written order.</summary>
    public Setting<IReadOnlyList<TextEntry>> FallbackTo { get; init; }
}
