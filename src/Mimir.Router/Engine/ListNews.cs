using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>Tells clients of lists that changed, each once and only when what it sees looks different. Thread-safe.</summary>
internal sealed class ListNews(RouterEngine engine, ModernKinds modern)
{
    /// <summary>Tells everybody which lists look different now.</summary>
    public void Tell()
    {
        foreach (var catalog in modern.All)
        {
            Announce(catalog, kind => engine.Listens.ListChanged(catalog, kind));
        }

        foreach (var group in engine.Sessions.Where(static s => s.Catalog is not null).GroupBy(static s => s.Catalog!))
        {
            Announce(group.Key, kind => TellAll(group, kind));
        }
    }

    /// <summary>Tells those who see lists of a server which of them look different now.</summary>
    /// <param name="pool">The server.</param>
    /// <param name="concerned">Whose lists may be different.</param>
    public void Tell(ServerPool pool, Func<ClientCatalog, bool> concerned)
    {
        foreach (var catalog in modern.All.Where(c => c.View.Pools.Contains(pool) && concerned(c)))
        {
            Announce(catalog, kind => engine.Listens.ListChanged(catalog, kind));
        }

        foreach (var group in engine.Sessions.Where(s => s.Catalog is { } c && s.View.Pools.Contains(pool) && concerned(c)).GroupBy(s => s.Catalog!))
        {
            Announce(group.Key, kind => TellAll(group, kind));
        }
    }

    private static void TellAll(IEnumerable<ClientSession> sessions, ListKind kind)
    {
        var frame = System.Text.Encoding.ASCII.GetBytes($"{{\"jsonrpc\":\"2.0\",\"method\":\"{McpMethods.NameOf(kind.Changed())}\"}}");
        foreach (var session in sessions)
        {
            session.Send(frame, default, droppable: true);
        }
    }

    private static void Announce(ClientCatalog catalog, Action<ListKind> tell)
    {
        foreach (var kind in catalog.TakeNews())
        {
            tell(kind);
        }
    }
}
