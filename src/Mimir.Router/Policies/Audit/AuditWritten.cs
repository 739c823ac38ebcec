namespace Mimir.Router.Policies.Audit;

/// <summary>What came of writing records.</summary>
/// <param name="Count">How many of them are in the log, counted from the first.</param>
/// <param name="Failure">Why not all are; null when all are.</param>
internal sealed record AuditWritten(int Count, string? Failure);
