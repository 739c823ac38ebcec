namespace Mimir.Load;

/// <summary>A server, router or relay the client has greeted and can load. One thread at a time.</summary>
public interface IPeer : IDisposable
{
    /// <summary>When the answer to the greeting was whole, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    long GreetedAt { get; }

    /// <summary>Sends one request and waits for its reply.</summary>
    /// <param name="request">A JSON-RPC request with an id.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <returns>The reply, whatever it says.</returns>
    /// <exception cref="IOException">The peer is gone, or says what this client cannot read.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    byte[] Ask(string request, TimeSpan timeout);

    /// <summary>Runs a load to its end.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    LoadResult Run(LoadPlan plan, CancellationToken cancellationToken);
}
