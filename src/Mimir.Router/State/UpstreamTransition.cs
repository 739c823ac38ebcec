namespace Mimir.Router.State;

/// <summary>A server went from one state to another.</summary>
/// <param name="Server">The operator's name for it.</param>
/// <param name="From">Where it stood.</param>
/// <param name="To">Where it stands.</param>
/// <param name="At">When, on the wall clock.</param>
/// <param name="Generation">Connections opened so far.</param>
/// <param name="Reason">Why, for people. Comes partly from outside; holds no secrets.</param>
/// <param name="End">How its process ended, if that is what happened.</param>
public sealed record UpstreamTransition(
    string Server, UpstreamStatus From, UpstreamStatus To, DateTimeOffset At, int Generation, string Reason, ProcessEnd? End);
