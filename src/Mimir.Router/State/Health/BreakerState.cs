namespace Mimir.Router.State.Health;

/// <summary>Where a circuit breaker stands.</summary>
public enum BreakerState : byte
{
    /// <summary>Calls pass.</summary>
    Closed,

    /// <summary>No call passes.</summary>
    Open,

    /// <summary>A few calls pass, to find out.</summary>
    HalfOpen,
}
