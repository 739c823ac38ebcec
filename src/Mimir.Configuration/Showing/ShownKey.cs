using System.Collections.Immutable;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Showing;

/// <summary>One key of the configuration as it is in effect, fit to be shown: what is or may be secret is not in it.</summary>
/// <param name="Key">The keys that lead to it, each in its best spelling, e.g. <c>mcpServers.files.args</c>.</param>
/// <param name="Value">Its value as JSON.</param>
public sealed record ShownKey(string Key, string Value)
{
    /// <summary>The top-level key it stands under: <c>mcpServers</c>, <c>namespaces</c>, <c>limits</c>, ...</summary>
    public required string Section { get; init; }

    /// <summary>The server, namespace or cluster it belongs to; empty for none.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is written; null when nobody did and this is its default.</summary>
    public ConfigMark? Mark { get; init; }

    /// <summary>The environment variables that it refers to, and the secrets as <c>secret:NAME</c>.</summary>
    public ImmutableArray<string> Variables { get; init; } = [];

    /// <summary>Whether a part of it is not shown.</summary>
    public bool IsMasked { get; init; }

    /// <summary>What is compared and never shown.</summary>
    internal string Raw { get; init; } = "";

    /// <summary>The key alone.</summary>
    public override string ToString() => Key;
}
