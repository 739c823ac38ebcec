using Mimir.Cli.Commands;
using Mimir.Cli.Hosting;
using Mimir.Configuration.Editing;
using Mimir.Configuration.Proposals;
using Mimir.Configuration.Sources;
using Mimir.Router.State;

namespace Mimir.Cli.Composition;

/// <summary>The changes that wait, and what carries them out.</summary>
/// <param name="say">Takes sentences for the operator.</param>
internal sealed class Approvals(Action<string> say) : IApprovals
{
    private readonly ProposalBook _book = SetupDesk.Book()
        ?? throw new CommandFailure(ExitCodes.Unavailable, "What waits for you is kept in the home folder, and neither HOME nor XDG_STATE_HOME is set. Set one of them.");

    /// <inheritdoc/>
    public IReadOnlyList<Proposal> List() => _book.List();

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ApproveAsync(Proposal proposal, Func<string, CancellationToken, Task<bool>> read, CancellationToken cancellationToken) =>
        RecordAsync(proposal, SetupDesk.WordOf(proposal.Change.Kind), async () =>
        {
            var store = new ConfigStore(Place(proposal), ProcessEnvironment.Instance, UserVault.Instance, TimeProvider.System);
            var notes = await new SetupWork(store, TimeProvider.System, say).MakeAsync(proposal.Change, proposal.Starts, ReadAsync, cancellationToken).ConfigureAwait(false);
            _book.Take(proposal);
            return notes;

            // While it was fetched and read, it may have been thrown away in another terminal.
            async Task<bool> ReadAsync(string manifest, CancellationToken token) => await read(manifest, token).ConfigureAwait(false) && _book.Find(proposal.Id) is not null;
        });

    /// <inheritdoc/>
    public Task RejectAsync(Proposal proposal, CancellationToken cancellationToken) => RecordAsync(proposal, "rejected", () => Task.FromResult<IReadOnlyList<string>>(_book.Take(proposal)
        ? []
        : throw new CommandFailure(ExitCodes.Failure, $"{proposal.Id} does not wait any more.")));

    private static ConfigLocation Place(Proposal proposal) => new(proposal.Config, proposal.IsExplicit, "what waits");

    private Task<IReadOnlyList<string>> RecordAsync(Proposal proposal, string change, Func<Task<IReadOnlyList<string>>> work) => AuditedWork.RunAsync(
        proposal.Config,
        say,
        async () =>
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (ConfigEditException e)
            {
                throw new CommandFailure(ConfigChange.Code(e.Kind), e.Message, e);
            }
        },
        _ => new ChangeRecord(change) { Name = proposal.Change.Name, Detail = $"by the operator, {proposal.Id}" });
}
