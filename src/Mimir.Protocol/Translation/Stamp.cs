namespace Mimir.Protocol.Translation;

/// <summary>
/// What a modern request says of whoever sends it, put on the request of a legacy client (2026-07-28, the members of <c>_meta</c>).
/// Views of bytes that live elsewhere; an empty one is not there.
/// </summary>
public readonly ref struct Stamp
{
    /// <summary>The revision's name without quotes.</summary>
    public required ReadOnlySpan<byte> ProtocolVersion { get; init; }

    /// <summary>The client's capabilities as a JSON object; none are <c>{}</c>.</summary>
    public required ReadOnlySpan<byte> ClientCapabilities { get; init; }

    /// <summary>Who the client says it is, as a JSON object.</summary>
    public ReadOnlySpan<byte> ClientInfo { get; init; }

    /// <summary>The level from which on log messages are wanted, the inside of a JSON string.</summary>
    public ReadOnlySpan<byte> LogLevel { get; init; }

    /// <summary>Answers to what the round before asked for, as a JSON object.</summary>
    public ReadOnlySpan<byte> InputResponses { get; init; }

    /// <summary>The state that the round before gave, as a JSON string with its quotes.</summary>
    public ReadOnlySpan<byte> RequestState { get; init; }

    /// <summary>Bytes of all of them.</summary>
    internal int Length =>
        ProtocolVersion.Length + ClientCapabilities.Length + ClientInfo.Length + LogLevel.Length + InputResponses.Length + RequestState.Length;
}
