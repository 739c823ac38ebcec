namespace Mimir.Router.Policies.Audit;

/// <summary>A place where a log is not what was written.</summary>
/// <param name="File">Full path of the file.</param>
/// <param name="Line">From 1.</param>
/// <param name="Kind"><c>edited</c>, <c>removed</c>, <c>inserted</c> or <c>torn</c>.</param>
/// <param name="Text">What is seen there, for people.</param>
public sealed record AuditProblem(string File, int Line, string Kind, string Text);
