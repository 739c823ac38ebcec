namespace Mimir.Router.Engine;

/// <summary>A server, as far as one name is concerned.</summary>
/// <param name="Server">Its name.</param>
/// <param name="OwnName">What it calls it; empty when it does not have it.</param>
/// <param name="Priority">Its priority: lower numbers first.</param>
/// <param name="Strategy"><c>path</c>, <c>capability</c> or <c>fallback</c>: how it takes the name, by its own routes; empty when it does not. One that only stands in for another is <c>fallback</c>.</param>
/// <param name="IsTaken">True for the one that would take a call now.</param>
/// <param name="Objection">Why it would not take a call now; empty when it could. Comes from outside.</param>
public sealed record RouteCandidate(string Server, string OwnName, int Priority, string Strategy, bool IsTaken, string Objection);
