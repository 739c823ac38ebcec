using Mimir.Configuration.Proposals;

namespace Mimir.Cli.Hosting;

/// <summary>The changes that tools were asked for and that wait for the operator.</summary>
internal interface IApprovals
{
    /// <summary>All that wait, oldest first.</summary>
    IReadOnlyList<Proposal> List();

    /// <summary>Carries one out, and it waits no more.</summary>
    /// <param name="proposal">The one.</param>
    /// <param name="read">Shows the operator the manifest of what was fetched, and takes his word.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was noticed: sentences.</returns>
    /// <exception cref="CommandFailure">It was not carried out.</exception>
    Task<IReadOnlyList<string>> ApproveAsync(Proposal proposal, Func<string, CancellationToken, Task<bool>> read, CancellationToken cancellationToken);

    /// <summary>Throws one away.</summary>
    /// <param name="proposal">The one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandFailure">It does not wait any more.</exception>
    Task RejectAsync(Proposal proposal, CancellationToken cancellationToken);
}
