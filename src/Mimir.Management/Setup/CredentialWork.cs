using Mimir.Management.Pages;
using Mimir.Management.Serving;
using Mimir.Router.Engine;
using Mimir.Router.Model.Credentials;
using Mimir.Router.Model.Routing;
using Mimir.Router.Setup;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Management.Setup;

/// <summary>
/// Has the operator asked for a secret on a page of this machine, where the client can send him there; else tells how he keeps it himself. The secret
/// passes neither the client nor the model.
/// </summary>
/// <param name="desk">The desk.</param>
/// <param name="pages">The pages; null where there are none.</param>
/// <param name="state">What runs.</param>
/// <param name="time">The clock.</param>
internal sealed class CredentialWork(ISetupDesk desk, SecretPages? pages, IRouterState state, TimeProvider time)
{
    /// <summary>The tool.</summary>
    public const string Tool = "router_add_credential";

    private const string Key = "page";

    // Well within the time that a call has: whoever has not typed by then is asked about with the next call.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_taken = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks.</summary>
    public async ValueTask<CallToolResult> AskAsync(SetupCall call, CancellationToken cancellationToken)
    {
        if (call.Params.Arguments?.ContainsKey("value") == true)
        {
            return SetupReply.Refused(
                "No value is taken here, and none was kept: it would stand in the transcript of every client and model that it passed. If what you sent is a real secret, tell the user to have it replaced where it was issued. Call again with ref alone.");
        }

        var name = call.Text("ref");
        if (CredentialNames.Fault(name) is { } fault)
        {
            return SetupReply.Refused($"The name of a secret {fault}.");
        }

        var snapshot = desk.Read();
        var users = Users(snapshot, name).ToList();
        if (users.Count == 0)
        {
            return SetupReply.Refused(
                "No plugin that is switched on asks for a secret of this name.",
                json => SetupReply.List(json, "allowed_patterns", snapshot.Plugins.Where(static p => p.Status is "ok" or SetupPlugin.Pending).SelectMany(static p => p.CredentialRefs).Distinct(StringComparer.Ordinal)));
        }

        var isSet = snapshot.SecretsSet.Contains(name, StringComparer.Ordinal);
        var isRetry = call.Params.InputResponses?.ContainsKey(Key) == true;
        if (isSet && !isRetry && !call.Flag("replace", false))
        {
            return Kept(name, "It is set already. With replace the operator is asked for another one.");
        }

        // The page is also where the operator says yes to what is started with it, so a policy that wants his word has it.
        if (pages is null || !CanOpen(call))
        {
            return ByHand(name, "This client cannot open a page for its user.");
        }

        var question = new SecretQuestion(name)
        {
            IsSet = isSet,
            Prompt = users.SelectMany(static p => p.Missing).FirstOrDefault(n => n.Kind == "credential" && (n.Detail == name || Glob.Matches(n.Detail, name)))?.Prompt ?? "",
            Users = [.. users.Select(static p => KeyValuePair.Create(p.Name, p.Command))],

            // Hosts that tools add while a plugin misses its secret wait for nobody: he sees them here.
            Reaches = () => [.. Users(desk.Read(), name).SelectMany(static p => p.Reaches).Distinct(StringComparer.Ordinal)],
        };
        return await AskOnPageAsync(call, question, pages, isRetry, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<SetupPlugin> Users(SetupSnapshot snapshot, string name) =>
        snapshot.Plugins.Where(p => p.Status is "ok" or SetupPlugin.Pending && p.CredentialRefs.Any(r => r == name || Glob.Matches(r, name)));

    private static bool CanOpen(SetupCall call) => CapabilitiesOf(call)?.Elicitation?.Url is not null;

    private static ClientCapabilities? CapabilitiesOf(SetupCall call) => call.Request.JsonRpcRequest.Context?.ClientCapabilities ?? call.Request.Server.ClientCapabilities;

    private async ValueTask<CallToolResult> AskOnPageAsync(SetupCall call, SecretQuestion question, SecretPages opened, bool isRetry, CancellationToken cancellationToken)
    {
        var isModern = CallEra.IsModern(call.Params);
        var visit = isRetry ? await opened.FindAsync(question.Name, cancellationToken).ConfigureAwait(false) : await opened.OpenAsync(question, cancellationToken).ConfigureAwait(false);
        if (visit is null)
        {
            return isRetry && opened.WasKept(question.Name) ? await TakenAsync(question.Name, cancellationToken).ConfigureAwait(false)
                : isRetry ? SetupReply.Refused("The page was closed before anything was typed. Call again to have it opened anew.")
                : ByHand(question.Name, $"{SecretPages.Most} pages are open already.");
        }

        string action;
        if (!isModern)
        {
            action = (await call.Request.Server.ElicitAsync(Ask(visit, visit.Id), cancellationToken).ConfigureAwait(false)).Action;
        }
        else if (isRetry)
        {
            action = call.Params.InputResponses![Key].Deserialize(InputResponse.ElicitResultJsonTypeInfo)?.Action ?? "cancel";
        }
        else
        {
            throw new InputRequiredException(new Dictionary<string, InputRequest>(StringComparer.Ordinal) { [Key] = InputRequest.ForElicitation(Ask(visit, null)) }, question.Name);
        }

        if (action != "accept")
        {
            await opened.CloseAsync(visit, cancellationToken).ConfigureAwait(false);
            return SetupReply.Of(json =>
            {
                json.WriteBoolean("ok", false);
                json.WriteString("status", action == "decline" ? "declined" : "dismissed");
                json.WriteString("ref", question.Name);
                json.WriteString("hint", "The user did not want to type it now. Do not ask again unless he says so.");
            });
        }

        bool isKept;
        try
        {
            isKept = await visit.Done.WaitAsync(s_patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return SetupReply.Of(json =>
            {
                json.WriteBoolean("ok", false);
                json.WriteString("status", "waiting");
                json.WriteString("ref", question.Name);
                json.WriteString("hint", "The page is open and nothing was typed yet. Call again with the same ref when the user says that he did.");
            });
        }

        if (!isModern)
        {
            await call.Request.Server.SendNotificationAsync(
                NotificationMethods.ElicitationCompleteNotification, new ElicitationCompleteNotificationParams { ElicitationId = visit.Id }, McpJsonUtilities.DefaultOptions, cancellationToken).ConfigureAwait(false);
        }

        return isKept ? await TakenAsync(question.Name, cancellationToken).ConfigureAwait(false) : SetupReply.Refused("The page was closed before anything was typed. Call again to have it opened anew.");
    }

    private static ElicitRequestParams Ask(SecretVisit visit, string? id) => new()
    {
        Mode = "url",
        Message = $"Mimir asks for the secret {visit.Question.Name}, on a page of this machine.",
        Url = visit.Address.ToString(),
        ElicitationId = id,
    };

    /// <summary>What waited for nothing else is started now: the next call is to find it.</summary>
    private async ValueTask<CallToolResult> TakenAsync(string name, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < s_taken)
        {
            var well = desk.Read().Plugins.Where(static p => p.Status == "ok").Select(static p => p.Name);
            var running = state.Servers.Select(static s => s.Name).ToHashSet(StringComparer.Ordinal);
            if (well.All(running.Contains))
            {
                break;
            }

            await Task.Delay(s_look, time, cancellationToken).ConfigureAwait(false);
        }

        return Kept(name, "It is kept, encrypted on the operator's machine.");
    }

    private CallToolResult Kept(string name, string hint)
    {
        var snapshot = desk.Read();
        return SetupReply.Of(json =>
        {
            json.WriteBoolean("ok", true);
            json.WriteString("ref", name);
            json.WriteString("hint", hint);
            SetupReply.List(json, "setup_pending", snapshot.Plugins.Where(static p => p.Status == SetupPlugin.Pending).Select(static p => p.Name));
        });
    }

    private static CallToolResult ByHand(string name, string why) => SetupReply.Of(json =>
    {
        json.WriteBoolean("ok", false);
        json.WriteString("status", "needs_operator");
        json.WriteString("ref", name);
        json.WriteString("command", $"mimir secret set {name}");
        json.WriteString("hint", $"{why} The user keeps the secret himself, in a terminal: mimir secret set {name}. It is asked for there without being shown. Do not ask him to tell it to you.");
    });
}
