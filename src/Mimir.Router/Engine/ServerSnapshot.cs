using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>One server at one moment.</summary>
/// <param name="Name">The operator's name for it.</param>
/// <param name="Transport"><c>stdio</c>, <c>http</c>, <c>sse</c> or <c>in-process</c>.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="IsListed">True once its lists were asked for and answered, if only with an error.</param>
/// <param name="IsStale">True when what clients see of it is the last that was known: it is away, or could not list.</param>
/// <param name="Revision">The revision spoken, or null while unknown.</param>
/// <param name="Tools">How many tools it has.</param>
/// <param name="Prompts">How many prompts.</param>
/// <param name="Resources">How many resources.</param>
/// <param name="Templates">How many resource templates.</param>
/// <param name="Error">Why it failed; empty when it did not. Comes from outside.</param>
/// <param name="ListProblems">Which lists could not be had, with reasons. Comes from outside.</param>
/// <param name="Garbage">Lines and events of it that were no messages and were skipped, since the router started.</param>
/// <param name="Strays">Messages of it that belonged to nobody and were dropped, since the router started.</param>
/// <param name="Hidden">What of it is hidden, with reasons. Comes from outside.</param>
public sealed record ServerSnapshot(
    string Name, string Transport, UpstreamStatus Status, bool IsListed, bool IsStale, Revision? Revision,
    int Tools, int Prompts, int Resources, int Templates, string Error,
    IReadOnlyList<string> ListProblems, long Garbage, long Strays, IReadOnlyList<string> Hidden)
{
    /// <summary>The server as configured. Holds what may be secret: none of it goes out as it is.</summary>
    public required ServerModel Model { get; init; }

    /// <summary>How it does.</summary>
    public required HealthSnapshot Health { get; init; }
}
