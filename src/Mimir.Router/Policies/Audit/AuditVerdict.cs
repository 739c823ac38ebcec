namespace Mimir.Router.Policies.Audit;

/// <summary>What became of looking through a log.</summary>
/// <param name="Files">The files, the oldest first.</param>
/// <param name="Records">Records whose own hash is right.</param>
/// <param name="First">The number of the first; 0 when there is none.</param>
/// <param name="Last">The number of the last; 0 when there is none.</param>
/// <param name="Torn">Places where a crash left a part of a line, and the log says so itself.</param>
/// <param name="Problems">Where it is not what was written, at most <see cref="MostProblems"/>.</param>
public sealed record AuditVerdict(IReadOnlyList<string> Files, long Records, long First, long Last, int Torn, IReadOnlyList<AuditProblem> Problems)
{
    /// <summary>More than these are not listed.</summary>
    public const int MostProblems = 100;

    /// <summary>Whether the chain holds from the first to the last.</summary>
    public bool IsWhole => Problems.Count == 0;
}
