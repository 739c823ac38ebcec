namespace Mimir.Router.Model.Routing;

/// <summary>When a server that fails gets no calls for a while.</summary>
public sealed record BreakerModel
{
    /// <summary>False for none. Default true.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Failures in a row until it opens. Default 5, 1 to 10000.</summary>
    public int FailureThreshold { get; init; } = 5;

    /// <summary>How long it is open before calls try whether the server is back. Default 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Calls that try it, at most that many at a time; when as many have succeeded it closes. Default 3, 1 to 1000.</summary>
    public int HalfOpenAttempts { get; init; } = 3;
}
