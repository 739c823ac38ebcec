namespace Mimir.Faults.Matrix;

/// <summary>What is going on when the fault comes.</summary>
internal enum Phase
{
    /// <summary>The connection to the server is being opened.</summary>
    Handshake,

    /// <summary>No call is open.</summary>
    Idle,

    /// <summary>Calls are open.</summary>
    InFlight,

    /// <summary>Calls are open and report their progress.</summary>
    Streaming,

    /// <summary>The server's list is being fetched, and clients ask for lists.</summary>
    Listing,

    /// <summary>The router was told to stop.</summary>
    ShuttingDown,
}
