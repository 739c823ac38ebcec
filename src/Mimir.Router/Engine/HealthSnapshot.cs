using Mimir.Router.State.Health;

namespace Mimir.Router.Engine;

/// <summary>How a server does at one moment.</summary>
/// <param name="IsHealthy">True when it takes calls and nothing speaks against it.</param>
/// <param name="Objection">What speaks against it; empty for nothing. Comes from outside.</param>
/// <param name="Breaker">Where its circuit breaker stands; closed also when it has none.</param>
/// <param name="HasBreaker">False when it has none.</param>
/// <param name="Failures">Failures in a row.</param>
/// <param name="LastFailure">The last of them; empty when there was none. Comes from outside.</param>
/// <param name="Open">Calls that are open.</param>
/// <param name="Waiting">Calls that wait for it.</param>
public sealed record HealthSnapshot(
    bool IsHealthy, string Objection, BreakerState Breaker, bool HasBreaker, int Failures, string LastFailure, int Open, int Waiting);
