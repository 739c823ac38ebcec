namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>Sees from a connection's ids whether anything was asked over it, so that calls themselves need not say so. Not thread-safe.</summary>
internal sealed class Idleness
{
    private UpstreamConnection? _seen;
    private long _issued;
    private long _since;

    /// <summary>Looks at the connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isWanted">True when it is in use although nothing is asked.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    /// <param name="afterMs">How long it may be unused.</param>
    /// <returns>True when it has been unused for longer.</returns>
    public bool IsOver(UpstreamConnection connection, bool isWanted, long now, long afterMs)
    {
        var issued = connection.Pending.Issued;
        if (isWanted || connection.Pending.Passing > 0 || issued != _issued || !ReferenceEquals(connection, _seen))
        {
            (_seen, _issued, _since) = (connection, issued, now);
            return false;
        }

        return now - _since >= afterMs;
    }
}
