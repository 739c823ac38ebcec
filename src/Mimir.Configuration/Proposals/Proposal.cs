using Mimir.Router.Setup;

namespace Mimir.Configuration.Proposals;

/// <summary>A change that a tool was asked for and that waits for the operator.</summary>
/// <param name="Id">Its number: <see cref="ProposalBook.IdLength"/> letters and digits.</param>
/// <param name="At">When it was asked for.</param>
/// <param name="Config">Full path of the file or folder of the configuration that it would change.</param>
/// <param name="IsExplicit">Whether somebody had named that place.</param>
/// <param name="Change">What is wanted.</param>
public sealed record Proposal(string Id, DateTimeOffset At, string Config, bool IsExplicit, SetupChange Change)
{
    /// <summary>What would be started, for people; empty for nothing that is known.</summary>
    public IReadOnlyList<string> Starts { get; init; } = [];
}
