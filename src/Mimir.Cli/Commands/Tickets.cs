using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Configuration.Proposals;

namespace Mimir.Cli.Commands;

/// <summary>What commands share that decide on what waits.</summary>
internal static class Tickets
{
    /// <summary>The argument that names one.</summary>
    public static Argument<string?> Argument(string description, ArgumentArity arity) => new("TICKET") { Description = description, Arity = arity };

    /// <summary>Finds one.</summary>
    /// <exception cref="CommandFailure">It does not wait.</exception>
    public static Proposal Find(IApprovals approvals, string id) => approvals.List().FirstOrDefault(p => p.Id == id) ?? throw new CommandFailure(
        ExitCodes.Usage, $"Nothing waits under the ticket {SafeText.Line(id)}: it was decided already, or {ProposalBook.Lifetime.TotalHours:0} hours have passed. mimir approve shows what waits.");

    /// <summary>Asks whether something is really to be done.</summary>
    /// <exception cref="CommandFailure">It is not, or nobody is there to be asked.</exception>
    public static async Task ConfirmAsync(CliConsole console, string question, string no, CancellationToken cancellationToken)
    {
        if (!console.InIsTerminal)
        {
            throw new CommandFailure(ExitCodes.Usage, "Nobody is here to be asked. Add --yes if it is really to be done.");
        }

        console.Error.Write(question + " [y/N] ");
        if (await console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not ("y" or "Y" or "yes"))
        {
            throw new CommandFailure(ExitCodes.Failure, no);
        }
    }
}
