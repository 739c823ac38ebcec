using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Hosting;

/// <summary>Tools by their names, and by names that they had elsewhere: those are understood and not listed.</summary>
internal sealed class ToolCollection() : McpServerPrimitiveCollection<McpServerTool>(StringComparer.Ordinal)
{
    private readonly ConcurrentDictionary<string, string> _aliases = new(StringComparer.Ordinal);

    /// <summary>Adds a name. A tool that has it as its own goes before.</summary>
    /// <param name="alias">The other name.</param>
    /// <param name="name">That of the tool.</param>
    public void AddAlias(string alias, string name) => _aliases[alias] = name;

    /// <inheritdoc/>
    public override bool TryGetPrimitive(string name, [NotNullWhen(true)] out McpServerTool? primitive) =>
        base.TryGetPrimitive(name, out primitive) || (_aliases.TryGetValue(name, out var own) && base.TryGetPrimitive(own, out primitive));
}
