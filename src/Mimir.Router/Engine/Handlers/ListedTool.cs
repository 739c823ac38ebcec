using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Finds what a tool was listed as by the server's own name of it.</summary>
internal static class ListedTool
{
    /// <summary>What a tool was listed as of which a request names the server's own name, for the headers that repeat what it is called with.</summary>
    public static CatalogEntry? Find(KeptRequest kept, ServerPool pool)
    {
        if (kept.Envelope.Method != McpMethod.ToolsCall || !kept.Envelope.Name.Exists)
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(JsonText.Decode(kept.Envelope.Name.Of(kept.Frame)));
        return kept.Catalog.Refresh().Offered(ListKind.Tools).Routes.FirstOrDefault(r => r.Pool == pool && r.Entry.Key == name)?.Entry;
    }
}
