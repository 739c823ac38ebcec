using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Mimir.Router.Catalog;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Decides which calls become tasks at legacy servers although their clients did not say so in the words of 2025-11-25.</summary>
internal static class TaskWishes
{
    /// <summary>What is to become of a call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="connection">Where it goes.</param>
    /// <param name="entry">The tool as its server listed it, or null.</param>
    public static TaskWish Of(in Request request, UpstreamConnection connection, CatalogEntry? entry)
    {
        if (entry is null || request.Envelope.Method != McpMethod.ToolsCall || connection.Order.Era != Era.Legacy || entry.Tasks == TaskSupport.Forbidden
            || !connection.Handshake.RunsTasks)
        {
            return TaskWish.None;
        }

        if (request.Era == Era.Modern && request.Envelope.MetaCapabilities.Exists
            && ClientCapabilities.HasTasks(request.Envelope.MetaCapabilities.Of(request.Frame)))
        {
            return TaskWish.Kept;
        }

        return entry.Tasks == TaskSupport.Required && !(request.Era == Era.Legacy && request.Envelope.AsksForTask) ? TaskWish.Awaited : TaskWish.None;
    }
}
