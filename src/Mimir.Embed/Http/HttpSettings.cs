namespace Mimir.Embed.Http;

/// <summary>How the HTTP side of a host is.</summary>
/// <param name="HostAddress">Where it listens.</param>
/// <param name="Port">The port; 0 for any that is free.</param>
/// <param name="TakesNextFreePort">Whether the next free one is taken when it is in use.</param>
/// <param name="BearerToken">What clients have to show; null for nothing.</param>
/// <param name="AllowedOrigins">Origins of web pages that may call, besides this host's own.</param>
/// <param name="Log">Told what happens, a line each.</param>
internal sealed record HttpSettings(string HostAddress, int Port, bool TakesNextFreePort, string? BearerToken, IReadOnlyList<string> AllowedOrigins, Action<string> Log)
{
    /// <summary>How long a client may take to read what it is sent, if nothing else is said.</summary>
    public static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of a body.</summary>
    public int MaxBodyBytes { get; init; } = 4 << 20;

    /// <summary>Most requests of JSON-RPC that are answered at a time; more get 503.</summary>
    public int MaxCalls { get; init; } = 256;

    /// <summary>Most sessions, and most streams of <c>subscriptions/listen</c>.</summary>
    public int MaxSessions { get; init; } = 256;

    /// <summary>How long a session without requests and streams is kept.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a client may take to send a body.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take to read what it is sent.</summary>
    public TimeSpan WriteTimeout { get; init; } = ClientTimeout;

    /// <summary>How often a client that waits for a modern request is probed: whether it is still there is only seen by writing to it.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often other streams are sent a comment.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long calls that run may go on when the host stops, and how long they may then take to end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Most connections whose requests are in hand at a time: calls, streams, and room for what is answered at once.</summary>
    public int MaxRequests => checked(MaxCalls + (2 * MaxSessions) + 64);
}
