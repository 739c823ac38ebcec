namespace Mimir.Protocol.Sse;

/// <summary>One event of a <c>text/event-stream</c>, as bytes inside the buffers of the <see cref="SseParser"/> that read it.</summary>
/// <remarks>
/// Everything here is valid only until the next call on that parser. The bytes are those of the stream: they are not checked to be
/// UTF-8, and <see cref="Data"/> is not checked to be JSON.
/// </remarks>
public readonly struct SseEvent
{
    internal SseEvent(ReadOnlyMemory<byte> type, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> id, bool hasData, bool hasId, int? retryMs)
    {
        Type = type;
        Data = data;
        Id = id;
        HasData = hasData;
        HasId = hasId;
        RetryMs = retryMs;
    }

    /// <summary>The type of the event; <c>message</c> where the stream names none.</summary>
    public ReadOnlyMemory<byte> Type { get; }

    /// <summary>The values of all <c>data</c> lines joined by LF; empty when there was none or when they were empty.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The last event id in force after this event: its own, or the one inherited from earlier events; empty if none.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <summary>The event had at least one <c>data</c> line. False for an event that only sets the id or the retry time.</summary>
    public bool HasData { get; }

    /// <summary>The event itself carried an <c>id</c> line, so <see cref="Id"/> is its own.</summary>
    public bool HasId { get; }

    /// <summary>The reconnection time this event asks for, in milliseconds; null when it has no valid <c>retry</c> line.</summary>
    public int? RetryMs { get; }

    /// <summary>The event exists only to carry an id (the stream's first point of resumption) and delivers no message.</summary>
    /// <remarks>2025-11-25, transports: a server primes a stream with an event that has an id and an empty <c>data</c> field.</remarks>
    public bool IsPriming => HasId && Data.IsEmpty;

    /// <summary>Whether the event is of the given type.</summary>
    /// <param name="type">The type as on the wire, e.g. <c>endpoint</c>; compared byte for byte.</param>
    public bool IsType(ReadOnlySpan<byte> type) => Type.Span.SequenceEqual(type);
}
