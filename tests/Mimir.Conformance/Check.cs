namespace Mimir.Conformance;

/// <summary>One verdict of the conformance suite.</summary>
/// <param name="Scenario">The scenario it belongs to.</param>
/// <param name="Id">The requirement, which several checks of a scenario may share.</param>
/// <param name="Name">The check.</param>
/// <param name="Status"><c>SUCCESS</c>, <c>FAILURE</c>, <c>WARNING</c>, <c>SKIPPED</c> or <c>INFO</c>.</param>
/// <param name="Message">Why it failed.</param>
public sealed record Check(string Scenario, string Id, string Name, string Status, string? Message)
{
    /// <summary>Whether the suite counts it as passed.</summary>
    public bool Passed => Status == "SUCCESS";

    /// <summary>
    /// Whether it passed, or the suite saw that what it looks for was not called for (an answer in JSON needs no stream); it ranks
    /// both alike.
    /// </summary>
    public bool Accepted => Passed || Status == "INFO";

    /// <summary>Whether the suite found fault.</summary>
    public bool Faulted => Status is "FAILURE" or "WARNING";
}
