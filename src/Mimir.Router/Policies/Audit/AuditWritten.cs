namespace Mimir.Router.Policies.Audit;

/// <summary>What came of writing records.</summary>
/// <param name="Count">How many of them are kept, counted from the first.</param>
/// <param name="Failure">Why not all are; null when all are.</param>
/// <param name="Stays">Why a file that is full could not be set aside, and grows on; null when none is.</param>
internal sealed record AuditWritten(int Count, string? Failure, string? Stays);
