using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Asks once more, right before a request goes out that had to wait: what it may do may have been taken away meanwhile.</summary>
internal static class Denials
{
    /// <summary>Why it may not go out; null when it may.</summary>
    /// <param name="kept">The request.</param>
    /// <param name="pool">The server it is for.</param>
    /// <param name="entry">The tool or prompt as its server listed it, or null.</param>
    /// <param name="with">What stands in the place of its name or uri, as the inside of a JSON string; empty when that is the server's own.</param>
    public static RouterError? Of(KeptRequest kept, ServerPool pool, CatalogEntry? entry, ReadOnlySpan<byte> with)
    {
        var view = kept.Catalog.View;
        if (view.Refusal is { } refusal)
        {
            return new RouterError(ErrorCodes.InvalidRequest, refusal) { Objection = refusal };
        }

        if (!view.IsBounded)
        {
            return null;
        }

        var objection = view.Holds(pool) ? null : $"server '{pool.Model.Name}' is not offered here any more";
        if (objection is null && KindOf(kept.Envelope.Method) is { } kind)
        {
            var range = kind is ListKind.Resources ? kept.Envelope.Uri : kept.Envelope.Name;
            var inside = with.IsEmpty && range.Exists ? range.Of(kept.Frame) : with;
            objection = view.Objection(pool, kind, entry?.Key ?? Encoding.UTF8.GetString(JsonText.Decode(inside)));
        }

        return objection is null ? null : new RouterError(ErrorCodes.InvalidParams, $"It was denied while it waited: {objection}.", pool.Model.Name) { Objection = objection };
    }

    private static ListKind? KindOf(McpMethod method) => method switch
    {
        McpMethod.ToolsCall => ListKind.Tools,
        McpMethod.PromptsGet => ListKind.Prompts,
        McpMethod.ResourcesRead or McpMethod.ResourcesSubscribe => ListKind.Resources,
        _ => null,
    };
}
