using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>The listen streams of modern clients, and what they want of which server. Thread-safe.</summary>
public sealed class ListenHub
{
    private readonly Lock _gate = new();
    private readonly List<(ListenStream Stream, ClientCatalog Catalog)> _streams = [];

    /// <summary>The lists of the clients that listen.</summary>
    internal IEnumerable<ClientCatalog> Catalogs => Streams().Select(s => s.Catalog).Distinct();

    /// <summary>The server that can report a resource, or null.</summary>
    internal static ServerPool? OwnerOf(ClientCatalog catalog, MergedCatalog lists, string uri)
    {
        var pool = Resolve(catalog, lists, uri).Pool;
        return pool is not null && catalog.SlotOf(pool).Live is { } live && live.Handshake.Has("resources", "subscribe") ? pool : null;
    }

    /// <summary>The server a task belongs to, or null.</summary>
    internal static ServerPool? TaskOwnerOf(View view, string taskId) =>
        view.IsSingle ? view.Pools[0] : TaskIds.TrySplit(Encoding.UTF8.GetBytes(taskId), out var tag, out _) ? view.ByPrefix(tag) : null;

    /// <summary>Adds a client's stream.</summary>
    internal void Add(ListenStream stream, ClientCatalog catalog)
    {
        lock (_gate)
        {
            _streams.RemoveAll(s => s.Stream.IsEnded);
            _streams.Add((stream, catalog));
        }
    }

    /// <summary>What clients want to hear of a server over one of its connections.</summary>
    /// <param name="slot">The connection's slot.</param>
    /// <returns>The server's own names of resources and tasks, sorted.</returns>
    internal (SortedSet<string> Uris, SortedSet<string> Tasks) Wanted(ConnectionSlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        var pool = slot.Pool;
        var uris = new SortedSet<string>(StringComparer.Ordinal);
        var tasks = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (stream, catalog) in Streams())
        {
            if (!catalog.View.Pools.Contains(pool) || !ReferenceEquals(catalog.SlotOf(pool), slot))
            {
                continue;
            }

            foreach (var uri in stream.Uris)
            {
                var (owner, own) = Resolve(catalog, catalog.Current, uri);
                if (ReferenceEquals(owner, pool))
                {
                    uris.Add(own);
                }
            }

            foreach (var task in stream.TaskIds)
            {
                if (ReferenceEquals(TaskOwnerOf(stream.View, task), pool))
                {
                    tasks.Add(stream.View.IsSingle ? task : task[(task.IndexOf('.', StringComparison.Ordinal) + 1)..]);
                }
            }
        }

        return (uris, tasks);
    }

    /// <summary>Tells whether anybody listens to a server, whatever for.</summary>
    internal bool IsHeard(ServerPool pool) => Streams().Exists(s => s.Stream.View.Pools.Contains(pool));

    /// <summary>Reports changed lists.</summary>
    public void ListChanged(ClientCatalog catalog, ListKind kind)
    {
        foreach (var (stream, seen) in Streams())
        {
            if (ReferenceEquals(seen, catalog))
            {
                stream.ListChanged(kind);
            }
        }
    }

    /// <summary>Passes the news of a changed resource to the streams that watch it.</summary>
    /// <param name="pool">Whose.</param>
    /// <param name="connection">Where they came from.</param>
    /// <param name="uri">The server's own name of it.</param>
    /// <param name="frame">The news.</param>
    /// <param name="envelope">Their envelope.</param>
    internal void ResourceUpdated(ServerPool pool, UpstreamConnection connection, string uri, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        foreach (var (stream, catalog) in Streams())
        {
            if (!catalog.View.Pools.Contains(pool) || catalog.View.Objection(pool, ListKind.Resources, uri) is not null || !Reports(catalog.SlotOf(pool), connection))
            {
                continue;
            }

            foreach (var shown in stream.Uris)
            {
                var (owner, own) = Resolve(catalog, catalog.Current, shown);
                if (ReferenceEquals(owner, pool) && ResourceTree.Contains(own, uri))
                {
                    var renamed = uri == own && shown != uri;
                    stream.Forward(frame, envelope, renamed ? envelope.Uri : default, renamed ? JsonText.Encode(shown) : default);
                    break;
                }
            }
        }
    }

    /// <summary>Tells whether a stream watches a task.</summary>
    /// <param name="pool">Its server.</param>
    /// <param name="id">Its id without a tag.</param>
    internal bool IsWatched(ServerPool pool, string id) => Streams().Exists(s =>
        s.Stream.View.Pools.Contains(pool) && s.Stream.TaskIds.Contains(s.Stream.View.IsSingle ? id : pool.Model.Tag + "." + id, StringComparer.Ordinal));

    /// <summary>Passes a task's news to the streams that watch it and may call the tool that made it.</summary>
    /// <param name="pool">Its server.</param>
    /// <param name="frame">The news.</param>
    /// <param name="envelope">Their envelope.</param>
    /// <param name="tool">The server's own name of the tool; null when it is not known.</param>
    public void TaskChanged(ServerPool pool, ReadOnlySpan<byte> frame, in Envelope envelope, string? tool = null)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var id = Encoding.UTF8.GetString(envelope.TaskId.Of(frame));
        foreach (var (stream, _) in Streams())
        {
            var single = stream.View.IsSingle;
            if (stream.View.Pools.Contains(pool) && stream.TaskIds.Contains(single ? id : pool.Model.Tag + "." + id, StringComparer.Ordinal)
                && SessionTasks.Objection(stream.View, pool, tool) is null)
            {
                stream.Forward(frame, envelope, single ? default : new ByteRange(envelope.TaskId.At, 0), single ? default : pool.TaskTag);
            }
        }
    }

    /// <summary>Ends streams in good order.</summary>
    /// <param name="view">Those of one view; null for all.</param>
    public void End(View? view = null)
    {
        foreach (var (stream, _) in Streams())
        {
            if (view is null || stream.View == view)
            {
                stream.End();
            }
        }
    }

    /// <summary>True for news over a client's connection. Lanes are one connection to their clients, whose calls meet any of them.</summary>
    private static bool Reports(ConnectionSlot slot, UpstreamConnection connection) =>
        ReferenceEquals(slot.Live, connection) || (connection.Order.Owner is BridgeLane && slot.IsBridgedFor(connection.Order.Profile));

    /// <summary>The server a resource belongs to, and what that calls it; null when nobody knows it.</summary>
    internal static (ServerPool? Pool, string Own) Resolve(ClientCatalog catalog, MergedCatalog lists, string uri)
    {
        var bytes = Encoding.UTF8.GetBytes(uri);
        if (lists[ListKind.Resources].Find(bytes) is { } route)
        {
            return (route.Pool, route.Entry.Key);
        }

        var (pool, own) = Unlisted(catalog.View, lists, bytes, uri);
        return pool is not null && catalog.View.Objection(pool, ListKind.Resources, own) is not null ? (null, own) : (pool, own);
    }

    private static (ServerPool? Pool, string Own) Unlisted(View view, MergedCatalog lists, byte[] bytes, string uri)
    {
        if (ForeignUris.TrySplit(bytes, out var prefix, out var length) && view.ByPrefix(prefix) is { } named)
        {
            return (named, Encoding.UTF8.GetString(bytes.AsSpan(length)));
        }

        if (view.IsSingle)
        {
            return (view.Pools[0], uri);
        }

        var template = lists[ListKind.Templates].Routes.FirstOrDefault(t => UriTemplates.Matches(t.Entry.Key, uri));
        return (template?.Pool, uri);
    }

    private List<(ListenStream Stream, ClientCatalog Catalog)> Streams()
    {
        lock (_gate)
        {
            return [.. _streams.Where(s => !s.Stream.IsEnded)];
        }
    }
}
