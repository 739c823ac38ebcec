namespace Mimir.Router.Catalog;

/// <summary>What clients are told of the tools <c>mcp_router_list</c>, <c>_help</c>, <c>_use</c> and <c>_call</c>, for whoever lists them beside others.</summary>
public static class MetaToolTexts
{
    /// <summary>Their definitions as JSON, in the order they are listed.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> All { get; } = [.. MetaTools.Written.Select(static t => t.Json)];
}
