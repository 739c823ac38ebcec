namespace Mimir.Eras.Wire;

/// <summary>Where frames to one peer go. Frames of concurrent calls do not interleave.</summary>
internal interface IOutlet
{
    /// <summary>Writes one JSON text in the framing of the transport. A peer that has left is no error.</summary>
    /// <param name="json">The frame, without framing.</param>
    /// <param name="final">Whether it ends what was asked on this outlet.</param>
    /// <param name="status">HTTP status, where the frame is all of a reply.</param>
    Task SendAsync(string json, bool final = false, int status = 200);

    /// <summary>Ends the reply to one request without an answer. A pipe stays open.</summary>
    Task CloseAsync();
}
