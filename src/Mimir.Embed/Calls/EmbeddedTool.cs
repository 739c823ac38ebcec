using Mimir.Embed.Binding;
using Mimir.Embed.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Calls;

/// <summary>A tool as the protocol's server calls it.</summary>
/// <param name="definition">The tool.</param>
/// <param name="settings">What calls have in common.</param>
internal sealed class EmbeddedTool(ToolDefinition definition, CallSettings settings) : McpServerTool
{
    private readonly string _what = $"the tool {definition.Name}";

    // Made once: nothing of a call is needed to make it.
    private readonly Func<CallRun, ValueTask<ToolResult>> _work = run =>
        definition.Run(new ToolContext(Calling.Given(((CallToolRequestParams?)run.Current.Params)?.Arguments), settings.Main, run));

    /// <summary>The tool.</summary>
    public ToolDefinition Definition => definition;

    /// <inheritdoc/>
    public override Tool ProtocolTool { get; } = new()
    {
        Name = definition.Name,
        Title = definition.Title,
        Description = definition.Description,
        InputSchema = definition.InputSchema,
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = definition.IsReadOnly,
            DestructiveHint = definition.IsDestructive,
            IdempotentHint = definition.IsIdempotent,
            OpenWorldHint = definition.IsOpenWorld,
        },
    };

    /// <inheritdoc/>
    public override IReadOnlyList<object> Metadata => [];

    /// <inheritdoc/>
    public override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        try
        {
            var call = new CallRequest(request.Server, request.JsonRpcRequest, request.Params);
            return (await Calling.RunAsync<ToolResult>(settings, _what, definition.Timeout ?? settings.Timeout, definition.RunOn, call, _work, cancellationToken)).ToProtocol();
        }
        catch (Exception e) when (settings.FailuresAreResults && e is not (InputRequiredException or BindingException or McpProtocolException) && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            ErrorMap.Tell(settings.Log, _what, e);
            return ToolResult.Error(ErrorMap.WordsOf(e)).ToProtocol();
        }
        catch (Exception e) when (e is not InputRequiredException && (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            ErrorMap.Tell(settings.Log, _what, e);
            throw ErrorMap.Map(e);
        }
    }
}
