using Mimir.Embed.Completions;
using Mimir.Embed.Prompts;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Calls;

/// <summary>A prompt as the protocol's server gets it.</summary>
internal sealed class EmbeddedPrompt : McpServerPrompt
{
    private readonly PromptDefinition _definition;
    private readonly CallSettings _settings;
    private readonly string _what;
    private readonly Func<CallRun, ValueTask<PromptResult>> _work;

    /// <summary>Of a prompt.</summary>
    /// <param name="definition">The prompt.</param>
    /// <param name="settings">What calls have in common.</param>
    public EmbeddedPrompt(PromptDefinition definition, CallSettings settings)
    {
        (_definition, _settings, _what) = (definition, settings, $"the prompt {definition.Name}");
        _work = run => definition.Run(new PromptContext(Calling.Given(((GetPromptRequestParams?)run.Current.Params)?.Arguments), settings.Main, run));
        ProtocolPrompt = new Prompt
        {
            Name = definition.Name,
            Title = definition.Title,
            Description = definition.Description.Length > 0 ? definition.Description : null,
            Arguments = definition.Arguments.Count > 0 ? [.. definition.Arguments] : null,
        };
        foreach (var (argument, values) in definition.Choices)
        {
            if (values.Count > 0) Completers.Set(argument, Completer.Of(values));
        }
    }

    /// <inheritdoc/>
    public override Prompt ProtocolPrompt { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<object> Metadata => [];

    /// <summary>What finds values for its arguments.</summary>
    public CompleterTable Completers { get; } = new();

    /// <inheritdoc/>
    public override async ValueTask<GetPromptResult> GetAsync(RequestContext<GetPromptRequestParams> request, CancellationToken cancellationToken = default)
    {
        try
        {
            var call = new CallRequest(request.Server, request.JsonRpcRequest, request.Params);
            var result = await Calling.RunAsync<PromptResult>(_settings, _what, _definition.Timeout ?? _settings.Timeout, _definition.RunOn, call, _work, cancellationToken);
            return result.ToProtocol(_definition.Description);
        }
        catch (Exception e) when (e is not InputRequiredException && (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            ErrorMap.Tell(_settings.Log, _what, e);
            throw ErrorMap.Map(e);
        }
    }
}
