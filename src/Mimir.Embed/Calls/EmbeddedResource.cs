using Mimir.Embed.Completions;
using Mimir.Embed.Resources;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Calls;

/// <summary>A resource as the protocol's server reads it.</summary>
/// <param name="definition">The resource.</param>
/// <param name="pattern">Its address.</param>
/// <param name="settings">What calls have in common.</param>
internal sealed class EmbeddedResource(ResourceDefinition definition, UriPattern pattern, CallSettings settings) : McpServerResource
{
    /// <summary>Its address.</summary>
    public UriPattern Pattern => pattern;

    /// <summary>What finds values for its variables.</summary>
    public CompleterTable Completers { get; } = new();

    /// <inheritdoc/>
    public override ResourceTemplate ProtocolResourceTemplate { get; } = new()
    {
        UriTemplate = definition.Uri,
        Name = definition.Name,
        Title = definition.Title,
        Description = definition.Description,
        MimeType = definition.MimeType,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<object> Metadata => [];

    /// <summary>The error that there is nothing at an address: each era has a code of its own for it, and tells itself by its requests' meta.</summary>
    public static McpProtocolException Unknown(string? uri, RequestParams? request, Exception? inner = null) =>
        new($"There is no resource '{uri}'{(inner is null ? "." : ": " + ErrorMap.WordsOf(inner))}", inner, request?.Meta?.ContainsKey(MetaKeys.ProtocolVersion) == true ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound) { Data = { ["uri"] = uri } };

    /// <inheritdoc/>
    public override bool IsMatch(string uri) => pattern.Match(uri) is not null;

    /// <inheritdoc/>
    public override async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken = default)
    {
        var uri = request.Params?.Uri ?? "";
        var variables = pattern.Match(uri) ?? throw Unknown(uri, request.Params);
        try
        {
            var body = await BoundedRun.RunAsync(
                settings, $"The read of {uri}", definition.RunOn, definition.Timeout ?? settings.Timeout,
                cancellation => definition.Read(new ResourceRequest(uri, variables, settings.Main, cancellation)), cancellationToken);

            // What a live app shows is old as soon as it is told.
            return new ReadResourceResult { Contents = [body.ToProtocol(uri, definition.MimeType)], TimeToLive = TimeSpan.Zero, CacheScope = CacheScope.Private };
        }
        catch (KeyNotFoundException e)
        {
            throw Unknown(uri, request.Params, e);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw ErrorMap.Map(e);
        }
    }
}
