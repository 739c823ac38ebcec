using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mimir.Management.Serving;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Mimir.Cli.Demo;

/// <summary>
/// The tool that asks the user. A legacy client is sent a request of the server's own and the call waits for its answer; a modern
/// one gets <c>input_required</c> and calls again with the answer, so that nothing is kept here between the two.
/// </summary>
internal static class DemoQuestion
{
    private const string Key = "answer";

    public static async ValueTask<CallToolResult> AskAsync(
        RequestContext<CallToolRequestParams> request, CallToolRequestParams call, CancellationToken cancellationToken)
    {
        var question = ToolArguments.Text(call, "question");
        if (question.Length == 0)
        {
            throw new ToolArgumentException("'question' must not be empty.");
        }

        var answer = CallEra.IsModern(call)
            ? TakeAnswer(request, call, question)
            : await AskLegacyAsync(request.Server, question, cancellationToken).ConfigureAwait(false);
        return new CallToolResult { Content = [new TextContentBlock { Text = Describe(answer) }] };
    }

    private static async ValueTask<ElicitResult> AskLegacyAsync(McpServer server, string question, CancellationToken cancellationToken)
    {
        if (!CanBeAsked(server.ClientCapabilities))
        {
            throw new ToolArgumentException("This client did not declare elicitation, so its user cannot be asked.");
        }

        return await server.ElicitAsync(Form(question), cancellationToken).ConfigureAwait(false);
    }

    private static ElicitResult TakeAnswer(RequestContext<CallToolRequestParams> request, CallToolRequestParams call, string question)
    {
        var state = StateFor(question);
        if (call.InputResponses is { } responses && responses.TryGetValue(Key, out var response))
        {
            // An answer belongs to the question it was given to: a retry that changes the question is a new call.
            return call.RequestState == state
                ? response.Deserialize(InputResponse.ElicitResultJsonTypeInfo)
                    ?? throw new McpProtocolException($"inputResponses.{Key} is null", McpErrorCode.InvalidParams)
                : throw new McpProtocolException("requestState does not belong to this question", McpErrorCode.InvalidParams);
        }

        if (!CanBeAsked(request.JsonRpcRequest.Context?.ClientCapabilities ?? request.Server.ClientCapabilities))
        {
            throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Elicitation = new ElicitationCapability { Form = new FormElicitationCapability() } },
                "ask needs a client that declares elicitation in form mode");
        }

        throw new InputRequiredException(
            new Dictionary<string, InputRequest>(StringComparer.Ordinal) { [Key] = InputRequest.ForElicitation(Form(question)) }, state);
    }

    // An empty elicitation object means form mode.
    private static bool CanBeAsked(ClientCapabilities? client) =>
        client?.Elicitation is { } elicitation && (elicitation.Form is not null || elicitation.Url is null);

    private static ElicitRequestParams Form(string question) => new()
    {
        Mode = "form",
        Message = question,
        RequestedSchema = new RequestSchema
        {
            Properties = new Dictionary<string, PrimitiveSchemaDefinition>(StringComparer.Ordinal)
            {
                [Key] = new StringSchema { Title = "Answer", Description = "Your answer, in your own words.", MinLength = 1, MaxLength = 1_000 },
            },
            Required = [Key],
        },
    };

    private static string Describe(ElicitResult answer) => answer.Action switch
    {
        "accept" when answer.Content is { } content && content.TryGetValue(Key, out var value) && value.ValueKind == JsonValueKind.String =>
            $"The user answered: {value.GetString()}",
        "accept" => "The user accepted without an answer.",
        "decline" => "The user declined to answer.",
        _ => "The user dismissed the question.",
    };

    private static string StateFor(string question) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(question)).AsSpan(0, 8));
}
