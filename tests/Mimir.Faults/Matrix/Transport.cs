namespace Mimir.Faults.Matrix;

/// <summary>How the router reaches the server that suffers.</summary>
internal enum Transport
{
    /// <summary>A child of 2025-11-25.</summary>
    Stdio2025,

    /// <summary>A child of 2026-07-28.</summary>
    Stdio2026,

    /// <summary>Streamable HTTP of 2025-11-25.</summary>
    Http2025,

    /// <summary>Streamable HTTP of 2026-07-28.</summary>
    Http2026,

    /// <summary>HTTP+SSE of 2024-11-05.</summary>
    Sse,
}
