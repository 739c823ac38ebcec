namespace Mimir.Wicked.Wire;

/// <summary>Where frames to one peer go. Frames of concurrent calls do not interleave.</summary>
internal interface IOutlet
{
    /// <summary>Whether nothing can follow the answer to a request.</summary>
    bool EndsWithAnswer => true;

    /// <summary>Writes one JSON text in the framing of the transport.</summary>
    /// <param name="json">The frame, without framing.</param>
    /// <param name="final">Whether it is the answer that ends a request.</param>
    /// <param name="status">HTTP status, where the frame is the first of a reply.</param>
    Task SendAsync(string json, bool final = false, int status = 200);

    /// <summary>Writes exactly these bytes, framing included or missing.</summary>
    Task SendRawAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Writes the frame of <paramref name="json"/> a few bytes at a time.</summary>
    Task DripAsync(string json, int chunk, int delayMs);

    /// <summary>Writes so many bytes of the frame of <paramref name="json"/> and then ends in some way. Only a pipe can; elsewhere the network does it.</summary>
    Task CutAsync(string json, int at, CutEnd then) => throw new NotSupportedException("only over stdio");

    /// <summary>Ends the stream that belongs to one request without an answer. A pipe stays open.</summary>
    Task CloseAsync();
}
