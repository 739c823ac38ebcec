using System.Collections.Immutable;

namespace Mimir.Protocol.Headers;

/// <summary>One argument of a tool that a request over HTTP mirrors into a header.</summary>
/// <remarks>Immutable and safe for any thread.</remarks>
public sealed class ParamHeader
{
    internal ParamHeader(string annotation, ImmutableArray<string> path, ParamHeaderType type)
    {
        Name = McpHeaders.ParamPrefix + annotation;
        Path = path;
        Type = type;
    }

    /// <summary>The name of the header, e.g. <c>Mcp-Param-Region</c>. Unique in its tool without regard to case.</summary>
    public string Name { get; }

    /// <summary>The names of the properties that lead from <c>arguments</c> to the value; at least one.</summary>
    public ImmutableArray<string> Path { get; }

    /// <summary>The type the schema declares for the argument.</summary>
    public ParamHeaderType Type { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} <- {string.Join('.', Path)}";
}
