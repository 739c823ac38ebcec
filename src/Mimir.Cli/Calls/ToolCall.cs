using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Protocol.Revisions;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Calls;

/// <summary>
/// One call of one tool, made by the official client through our own stdio listener, so that it passes everything a client's call
/// passes. The era is the one the tool's server speaks.
/// </summary>
/// <remarks>
/// Sampling and roots are not declared: there is no model here and no workspace. A server that insists on them is refused by its own
/// check or by the router, and the refusal is explained.
/// </remarks>
internal sealed class ToolCall(CliConsole console, ToolRow tool, JsonObject arguments, bool json)
{
    private const string ProgressToken = "mimir-call";

    // What the client library puts before the text of every error that came from the other side.
    private const string RemotePrefix = "Request failed (remote): ";

    // What the router says of a name that none of its servers has.
    private const string Unknown = "Unknown tool: ";

    /// <summary>What to say when there is no such tool; null when it was seen in a list.</summary>
    public CommandFailure? IfUnknown { get; init; }

    /// <summary>Makes the call and prints what comes of it.</summary>
    /// <param name="pipe">The connection; the caller disposes it.</param>
    /// <param name="cancellationToken">Cancels the call, at the server too.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(ClientPipe pipe, CancellationToken cancellationToken)
    {
        using var live = new LiveLine(console);
        using var questions = new Questions(console, live, tool.Server);
        try
        {
            var client = await McpClient.CreateAsync(
                new StreamClientTransport(pipe.Output, pipe.Input), Options(questions), null, cancellationToken).ConfigureAwait(false);
            await using (client.ConfigureAwait(false))
            {
                var listening = client.RegisterNotificationHandler(
                    NotificationMethods.ProgressNotification, (notification, _) => ShowProgress(live, notification));
                await using (listening.ConfigureAwait(false))
                {
                    var result = await CallAsync(client, cancellationToken).ConfigureAwait(false);
                    live.Clear();
                    return ResultView.Print(console, result, json) ? ExitCodes.Success : ExitCodes.Failure;
                }
            }
        }
        catch (UrlElicitationRequiredException e)
        {
            live.Clear();
            await questions.ShowRequiredUrlsAsync(e.Elicitations, cancellationToken).ConfigureAwait(false);
            return ExitCodes.Failure;
        }
        catch (MissingRequiredClientCapabilityException e)
        {
            live.Clear();
            console.Error.WriteLine(
                $"'{SafeText.Prose(tool.Server)}' needs a client with {Capabilities(e.RequiredCapabilities)}, which mimir call has not.");
            return ExitCodes.Failure;
        }
        catch (McpProtocolException e)
        {
            live.Clear();
            if (IfUnknown is { } failure && Bare(e.Message).StartsWith(Unknown, StringComparison.Ordinal))
            {
                throw failure;
            }

            console.Error.WriteLine($"{console.OnError(Ink.Bad, "error")} {(int)e.ErrorCode}: {SafeText.Block(Bare(e.Message))}");
            return ExitCodes.Failure;
        }
        catch (Exception e) when (e is McpException or IOException && !cancellationToken.IsCancellationRequested)
        {
            live.Clear();
            throw new CommandFailure(ExitCodes.Unavailable, $"The call broke off: {Bare(e.Message)}", e);
        }
    }

    private McpClientOptions Options(Questions questions) => new()
    {
        // Pinned: a probe would cost a round, and crossing eras is not for this command to decide.
        ProtocolVersion = (tool.Era == Era.Modern ? Revision.LatestModern : Revision.LatestLegacy).Name,
        ClientInfo = new Implementation { Name = "mimir-call", Version = typeof(ToolCall).Assembly.GetName().Version?.ToString(3) ?? "0.0.0" },
        Capabilities = new ClientCapabilities
        {
            Elicitation = new ElicitationCapability { Form = new FormElicitationCapability(), Url = new UrlElicitationCapability() },
        },
        Handlers = new McpClientHandlers { ElicitationHandler = questions.AnswerAsync },
    };

    private async Task<JsonElement> CallAsync(McpClient client, CancellationToken cancellationToken)
    {
        // The raw request, not the typed one: numbers and unknown members of arguments and result stay as they are, and the handler
        // of progress outlives the reply, which progress sent before it may still overtake in the library.
        var request = new JsonRpcRequest
        {
            Method = RequestMethods.ToolsCall,
            Params = new JsonObject
            {
                ["name"] = tool.Name,
                ["arguments"] = arguments.DeepClone(),
                ["_meta"] = new JsonObject { ["progressToken"] = ProgressToken },
            },
        };
        var response = await client.SendRequestAsync(request, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.SerializeToElement(response.Result, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonNode)));
    }

    private static ValueTask ShowProgress(LiveLine live, JsonRpcNotification notification)
    {
        if (notification.Params is JsonObject progress && progress["progressToken"]?.GetValueKind() == JsonValueKind.String
            && progress["progressToken"]!.GetValue<string>() == ProgressToken && Number(progress["progress"]) is { } done)
        {
            var message = progress["message"] is { } text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>() : null;
            live.Report(done, Number(progress["total"]), message);
        }

        return default;
    }

    private static double? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && double.IsFinite(node.GetValue<double>()) ? node.GetValue<double>() : null;

    private static string Bare(string message) =>
        message.StartsWith(RemotePrefix, StringComparison.Ordinal) ? message[RemotePrefix.Length..] : message;

    private static string Capabilities(ClientCapabilities required)
    {
#pragma warning disable MCP9005 // Deprecated, and still what servers ask for.
        string[] names =
        [
            .. required.Sampling is null ? [] : new[] { "sampling (a model of its own)" },
            .. required.Roots is null ? [] : new[] { "roots (a workspace)" },
            .. required.Elicitation is null ? [] : new[] { "elicitation" },
            .. (required.Extensions?.Keys ?? []).Select(k => $"the extension {SafeText.Prose(k)}"),
        ];
#pragma warning restore MCP9005
        return names.Length == 0 ? "another capability" : string.Join(" and ", names);
    }
}
