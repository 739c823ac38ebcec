using System.CommandLine;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir reject TICKET</c>: throws away what a tool was asked for.</summary>
internal sealed class RejectCommand : Command
{
    public RejectCommand(CliContext context)
        : base("reject", "Throw away something that a tool was asked for and that waits for you.")
    {
        var ticket = Tickets.Argument("The one to throw away.", ArgumentArity.ExactlyOne);
        Add(ticket);
        SetAction(async (parsed, cancellationToken) =>
        {
            var approvals = context.Host.Approvals();
            await approvals.RejectAsync(Tickets.Find(approvals, parsed.GetValue(ticket)!), cancellationToken).ConfigureAwait(false);
            context.Console.Error.WriteLine("It is thrown away.");
            return ExitCodes.Success;
        });
    }
}
