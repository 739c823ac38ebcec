using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.Setup;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Setup;

/// <summary>Asks the desk for a change and tells what became of it.</summary>
/// <param name="desk">The desk.</param>
internal sealed class ChangeWork(ISetupDesk desk)
{
    /// <summary>Asks.</summary>
    /// <param name="call">The call that asks for it.</param>
    /// <param name="change">What is wanted.</param>
    /// <param name="done">Writes what is told when it was made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<CallToolResult> AskAsync(SetupCall call, SetupChange change, Action<Utf8JsonWriter> done, CancellationToken cancellationToken)
    {
        var outcome = await desk.ChangeAsync(change, call.Verdict == ToolVerdict.Confirm, cancellationToken).ConfigureAwait(false);
        if (outcome.Ticket is { } ticket)
        {
            // Nothing failed, and nothing is done: the model is to tell its user, and not to try again.
            return SetupReply.Of(json =>
            {
                json.WriteBoolean("ok", false);
                json.WriteString("status", "waits_for_operator");
                json.WriteString("ticket", ticket);
                if (outcome.Starts.Length > 0)
                {
                    SetupReply.List(json, "would_start", outcome.Starts);
                }

                json.WriteString("hint", $"Nothing is changed yet. The operator has to confirm this in a terminal, which no tool can do for him: mimir approve {ticket}. Tell the user so, and go on when he says that he did.");
            });
        }

        return !outcome.IsDone ? SetupReply.Refused(outcome.Error) : SetupReply.Of(json =>
        {
            json.WriteBoolean("ok", true);
            done(json);
            if (outcome.Notes.Length > 0)
            {
                SetupReply.List(json, "notes", outcome.Notes);
            }
        });
    }
}
