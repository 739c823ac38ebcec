namespace Mimir.Router.Policies.Audit;

/// <summary>What binds a line of the log to its neighbours.</summary>
/// <param name="Seq">Its number, from 1.</param>
/// <param name="Prev">The hash of the line before.</param>
/// <param name="Hash">Its own hash.</param>
internal readonly record struct AuditLink(long Seq, string Prev, string Hash);
