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

    /// <summary>
    /// True when nothing but silence or an end at the probe speaks for <see cref="WrongEra"/>. A server that starts slowly or fails to
    /// start looks the same, so such a verdict expires.
    /// </summary>
    public bool IsGuess { get; init; }

    /// <summary>True when a server that refused the legacy era said that it speaks the modern one.</summary>
    public bool OffersModern { get; init; }

    /// <summary>True when the server knows nothing of this transport and another one may be tried.</summary>
    public bool TryOther { get; init; }
}
