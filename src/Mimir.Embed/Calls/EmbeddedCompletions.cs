using Mimir.Embed.Completions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Calls;

/// <summary>Values for the arguments of prompts and the variables of templates, while a user fills them in.</summary>
/// <param name="prompts">The prompts.</param>
/// <param name="resources">The resources.</param>
/// <param name="settings">What calls have in common.</param>
internal sealed class EmbeddedCompletions(McpServerPrimitiveCollection<McpServerPrompt> prompts, McpServerResourceCollection resources, CallSettings settings)
{
    private static readonly Dictionary<string, string> s_none = [];

    /// <summary>Answers a client.</summary>
    public async ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, CancellationToken cancellation)
    {
        if (request.Params is not { Ref: { } about, Argument: { } argument } asked) throw Wrong("ref or argument is missing.");
        var (what, table) = about switch
        {
            PromptReference prompt => ($"the prompt {prompt.Name}", Find(prompt)),
            ResourceTemplateReference template => ($"the template {template.Uri}", Find(template)),
            _ => throw Wrong("ref is neither a prompt nor a resource."),
        };
        if (table.Find(argument.Name) is not { } completer) return new CompleteResult { Completion = CompleterTable.Answer([]) };
        try
        {
            var others = asked.Context?.Arguments is { } given ? new Dictionary<string, string>(given, StringComparer.Ordinal) : s_none;
            return new CompleteResult
            {
                Completion = await BoundedRun.RunAsync(
                    settings, $"The completion of {argument.Name} of {what}", completer.RunOn, settings.Timeout,
                    async end => CompleterTable.Answer(await completer.Find(new CompletionRequest(argument.Value ?? "", others, end))), cancellation),
            };
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            throw ErrorMap.Map(e);
        }
    }

    private static McpProtocolException Wrong(string words) => new(words, McpErrorCode.InvalidParams);

    private CompleterTable Find(PromptReference about) =>
        about.Name is { } name && prompts.TryGetPrimitive(name, out var found) && found is EmbeddedPrompt prompt ? prompt.Completers : throw Wrong($"There is no prompt '{about.Name}'.");

    private CompleterTable Find(ResourceTemplateReference about) =>
        about.Uri is { } uri && resources.TryGetPrimitive(uri, out var found) && found is EmbeddedResource resource ? resource.Completers : throw Wrong($"There is no template '{about.Uri}'.");
}
