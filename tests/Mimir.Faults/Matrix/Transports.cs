namespace Mimir.Faults.Matrix;

/// <summary>What is to be known of the transports.</summary>
internal static class Transports
{
    /// <summary>All.</summary>
    public static readonly Transport[] All = Enum.GetValues<Transport>();

    /// <summary>True for a child process.</summary>
    public static bool IsPipe(this Transport transport) => transport is Transport.Stdio2025 or Transport.Stdio2026;

    /// <summary>True where requests carry their own <c>_meta</c>.</summary>
    public static bool IsModern(this Transport transport) => transport is Transport.Stdio2026 or Transport.Http2026;

    /// <summary>Its name in cells and tables.</summary>
    public static string Name(this Transport transport) => transport switch
    {
        Transport.Stdio2025 => "stdio-2025",
        Transport.Stdio2026 => "stdio-2026",
        Transport.Http2025 => "http-2025",
        Transport.Http2026 => "http-2026",
        _ => "sse",
    };

    /// <summary>The value of <c>protocol</c> that leaves the router nothing to find out.</summary>
    public static string Protocol(this Transport transport) => transport switch
    {
        Transport.Sse => "sse",
        _ => transport.IsModern() ? "2026-07-28" : "2025-11-25",
    };

    /// <summary>Members of a wicked server's script.</summary>
    public static string Script(this Transport transport) =>
        $"\"era\":\"{(transport.IsModern() ? "Modern" : "Legacy")}\"{(transport == Transport.Sse ? ",\"sseOnly\":true" : "")}";
}
