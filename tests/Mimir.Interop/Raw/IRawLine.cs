namespace Mimir.Interop.Raw;

/// <summary>A wire to a server that carries messages as they are: nothing is decoded but what finds the answer.</summary>
public interface IRawLine : IAsyncDisposable
{
    /// <summary>Sends a request and returns the message that answers it, as text that was never re-encoded.</summary>
    /// <param name="message">The request, on one line.</param>
    /// <param name="id">Its id.</param>
    Task<string> ExchangeAsync(string message, int id);

    /// <summary>Sends a notification.</summary>
    Task NotifyAsync(string message);
}
