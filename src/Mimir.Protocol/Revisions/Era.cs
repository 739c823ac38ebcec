namespace Mimir.Protocol.Revisions;

/// <summary>The two families of MCP revisions. Era belongs to a request downstream and to a server upstream, never to an address.</summary>
public enum Era : byte
{
    /// <summary>2025-11-25 and earlier: a session opened by <c>initialize</c>.</summary>
    Legacy,

    /// <summary>2026-07-28 and later: stateless, each request carries its own <c>_meta</c>.</summary>
    Modern,
}
