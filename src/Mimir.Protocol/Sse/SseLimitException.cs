namespace Mimir.Protocol.Sse;

/// <summary>A stream sent an event, or a single comment line, larger than its reader allows. The stream cannot be read further.</summary>
/// <remarks>Thrown by <see cref="SseParser"/> and by nothing else; its only remedy is to end the stream.</remarks>
public sealed class SseLimitException : IOException
{
    /// <summary>Creates the exception for a parser with the given limit.</summary>
    /// <param name="limit">The limit that was exceeded, in bytes.</param>
    public SseLimitException(int limit)
        : base($"An event of the stream is larger than {limit} bytes.") => Limit = limit;

    /// <summary>The limit that was exceeded, in bytes.</summary>
    public int Limit { get; }
}
