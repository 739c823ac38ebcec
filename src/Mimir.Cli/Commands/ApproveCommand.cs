using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir approve [TICKET]</c>: what tools were asked for and what leads to a command being started waits here for the operator.</summary>
internal sealed class ApproveCommand : Command
{
    public ApproveCommand(CliContext context)
        : base("approve", "Show what tools were asked for and waits for you; with a ticket, carry it out.")
    {
        var ticket = Tickets.Argument("The one to carry out. Without, all that wait are shown.", ArgumentArity.ZeroOrOne);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var json = CommonOptions.Json("Print {\"waiting\":[...]} instead of a table.");
        Add(ticket);
        Add(yes);
        Add(json);
        SetAction(async (parsed, cancellationToken) =>
        {
            var approvals = context.Host.Approvals();
            var console = context.Console;
            if (parsed.GetValue(ticket) is not { } id)
            {
                Show(console, approvals, parsed.GetValue(json));
                return ExitCodes.Success;
            }

            var proposal = Tickets.Find(approvals, id);
            ProposalView.WriteWhole(console, proposal);
            var isSure = parsed.GetValue(yes);
            if (!isSure)
            {
                await Tickets.ConfirmAsync(console, "Do it?", "Nothing is done. It goes on waiting; to throw it away: mimir reject " + id, cancellationToken).ConfigureAwait(false);
            }

            var notes = await approvals.ApproveAsync(
                proposal,
                async (manifest, token) =>
                {
                    console.Error.WriteLine("It says of itself:");
                    console.Error.WriteLine(SafeText.Block(manifest));
                    if (!isSure)
                    {
                        await Tickets.ConfirmAsync(console, "Install it, and run what it says?", "Nothing is installed.", token).ConfigureAwait(false);
                    }

                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            console.Error.WriteLine("Done. A Mimir that runs takes it over within a second.");
            foreach (var note in notes)
            {
                console.Error.WriteLine(console.OnError(Ink.Warning, SafeText.Line(note)));
            }

            return ExitCodes.Success;
        });
    }

    private static void Show(CliConsole console, IApprovals approvals, bool asJson)
    {
        var waiting = approvals.List();
        if (asJson)
        {
            console.Out.WriteLine(ProposalView.ToJson(waiting));
        }
        else if (waiting.Count == 0)
        {
            console.Error.WriteLine("Nothing waits for you.");
        }
        else
        {
            ProposalView.WriteTable(console, waiting);
            console.Error.WriteLine("To see one in full and decide: mimir approve TICKET, or mimir reject TICKET");
        }
    }
}
