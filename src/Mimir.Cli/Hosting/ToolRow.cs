using Mimir.Protocol.Revisions;

namespace Mimir.Cli.Hosting;

/// <summary>One tool as clients see it. Immutable. All texts come from its server: escape them before showing them.</summary>
internal sealed record ToolRow
{
    /// <summary>The name clients call it by, prefix included.</summary>
    public required string Name { get; init; }

    /// <summary>The server that owns it, as the operator named it.</summary>
    public required string Server { get; init; }

    /// <summary>The era its server speaks, and so the one to call it in.</summary>
    public required Era Era { get; init; }

    /// <summary>Whether it is the last that was known of a server which is away or could not list.</summary>
    public bool IsStale { get; init; }

    /// <summary>What it says about itself, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Its entry in <c>tools/list</c>: one JSON object in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Definition { get; init; }
}
