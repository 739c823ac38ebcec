using Mimir.Protocol.Revisions;

namespace Mimir.Router.Upstreams;

/// <summary>A connection could not be opened. The message is for people and holds no secrets.</summary>
public sealed class ConnectFailure : Exception
{
    /// <summary>Creates one.</summary>
    public ConnectFailure(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>True when the server is well but does not speak the era asked for.</summary>
    public bool WrongEra { get; init; }

    /// <summary>The revisions it offered instead, when it said so.</summary>
    public IReadOnlyList<Revision> Offered { get; init; } = [];

    /// <summary>True when the server knows nothing of this transport and another one may be tried.</summary>
    public bool TryOther { get; init; }
}
