using System.Buffers.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// The streams that the router keeps at modern servers for everything any client wants to hear, whatever its era: one per server for
/// lists and resources, and another one for tasks while anybody waits for news of one, since not every server has tasks to tell of.
/// Thread-safe.
/// </summary>
/// <param name="hub">The streams of modern clients.</param>
/// <param name="subscribed">The resources of a server that legacy clients subscribed to there, as the server names them.</param>
/// <param name="made">The tasks that legacy clients made there and wait for.</param>
public sealed class Attendances(ListenHub hub, Func<ServerPool, IEnumerable<string>> subscribed, Func<ServerPool, IEnumerable<string>> made)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ServerPool, (ListenPost Lists, ListenPost Tasks)> _posts = [];

    /// <summary>Raised when a server is heard again whose stream had ended: what it reported in between is not known.</summary>
    internal event Action<ServerPool>? HeardAgain;

    /// <summary>Opens or widens the router's own streams at a server.</summary>
    /// <returns>Completes when the server has acknowledged them.</returns>
    public Task Attend(ServerPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var (lists, tasks) = PostsAt(pool);
        return Task.WhenAll(lists.AttendAsync(), tasks.AttendAsync());
    }

    /// <summary>Notes that a server acknowledged one of the router's own streams.</summary>
    internal void Acknowledged(UpstreamConnection connection, ServerPool pool, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (envelope.SubscriptionId.Exists && Utf8Parser.TryParse(envelope.SubscriptionId.Of(frame), out long id, out _))
        {
            var (lists, tasks) = PostsAt(pool);
            lists.Acknowledged(connection, id);
            tasks.Acknowledged(connection, id);
        }
    }

    /// <summary>Tells whether a server refused to report changes of a resource.</summary>
    internal bool RefusesResource(ServerPool pool, string uri) => PostsAt(pool).Lists.IsRefused(uri);

    /// <summary>Tells whether a server refused to report on a task.</summary>
    internal bool RefusesTask(ServerPool pool, string id) => PostsAt(pool).Tasks.IsRefused(id);

    /// <summary>Tells whether anybody waits for news of a resource or a task of a server.</summary>
    internal bool IsWanted(ServerPool pool) => Wanted(pool) is { Uris.Count: > 0 } or { Tasks.Count: > 0 };

    /// <summary>Forgets a server for good.</summary>
    internal void Forget(ServerPool pool)
    {
        lock (_gate)
        {
            _posts.Remove(pool);
        }
    }

    private (ListenPost Lists, ListenPost Tasks) PostsAt(ServerPool pool)
    {
        lock (_gate)
        {
            if (!_posts.TryGetValue(pool, out var posts))
            {
                _posts[pool] = posts = (
                    new ListenPost(pool, ofTasks: false, () => Wanted(pool).Uris) { IsHeard = () => hub.IsHeard(pool), HeardAgain = () => HeardAgain?.Invoke(pool) },
                    new ListenPost(pool, ofTasks: true, () => Wanted(pool).Tasks));
            }

            return posts;
        }
    }

    private (SortedSet<string> Uris, SortedSet<string> Tasks) Wanted(ServerPool pool)
    {
        var wanted = hub.Wanted(pool.Modern());
        wanted.Uris.UnionWith(subscribed(pool));
        wanted.Tasks.UnionWith(made(pool));
        return wanted;
    }
}
