using Mimir.Protocol.Envelopes;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>Subscriptions of legacy clients to resources.</summary>
internal static class Subscriptions
{
    /// <summary>How a subscribed resource is named inside the house.</summary>
    public static string Key(ServerPool pool, string uri) => PrefixOf(pool.Model.Name) + uri;

    /// <summary>Subscribes anew to what the sessions of a legacy connection had subscribed to before it was opened.</summary>
    public static void Restore(UpstreamConnection connection, RouterEngine engine)
    {
        if (!connection.Handshake.Has("resources", "subscribe"))
        {
            return;
        }

        var prefix = PrefixOf(connection.Server.Name);
        foreach (var uri in engine.SessionsOf(connection).SelectMany(s => s.Subscribed(prefix)).Distinct(StringComparer.Ordinal).ToList())
        {
            var exchange = new LocalExchange { Method = McpMethod.ResourcesSubscribe };
            LocalRequests.Send(connection, exchange, McpMethod.ResourcesSubscribe, json => json.WriteString("uri"u8, uri));
        }
    }

    private static string PrefixOf(string server) => server + "\n";
}
