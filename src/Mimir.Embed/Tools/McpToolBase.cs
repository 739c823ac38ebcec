using Mimir.Embed.Attributes;

namespace Mimir.Embed.Tools;

/// <summary>
/// A tool as a class: marked with <see cref="McpToolAttribute"/>, its parameters fields and properties marked with
/// <see cref="McpToolParamAttribute"/>. Each call gets a copy of the object that was registered, with its own arguments in it, so calls
/// do not disturb one another; what the object refers to is shared by all of them.
/// </summary>
public abstract class McpToolBase
{
    /// <summary>Does it. The parameters hold the arguments of this call; those that were not given hold what the registered object has.</summary>
    /// <param name="context">The call: its cancellation, its progress, who to ask.</param>
    /// <returns>The answer.</returns>
    protected abstract ValueTask<ToolResult> ExecuteAsync(ToolContext context);

    internal McpToolBase Copy() => (McpToolBase)MemberwiseClone();

    internal ValueTask<ToolResult> RunAsync(ToolContext context) => ExecuteAsync(context);
}
