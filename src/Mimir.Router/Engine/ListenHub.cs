using System.Buffers.Text;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// Joins the listen streams of modern clients with those the router keeps at modern servers: one per server, for everything any
/// client wants. Thread-safe.
/// </summary>
public sealed class ListenHub
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly List<(ListenStream Stream, ClientCatalog Catalog)> _streams = [];
    private readonly Dictionary<ServerPool, Attendance> _upstream = [];

    /// <summary>Raised when a server is heard again whose stream had ended: what it reported in between is not known.</summary>
    internal event Action<ServerPool>? HeardAgain;

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
    /// <returns>Completes when the servers have acknowledged what it wants of them, or a second later.</returns>
    internal async Task AddAsync(ListenStream stream, ClientCatalog catalog)
    {
        lock (_gate)
        {
            _streams.RemoveAll(s => s.Stream.IsEnded);
            _streams.Add((stream, catalog));
        }

        var promised = Task.WhenAll(stream.View.Pools.Select(Attend));
        await Task.WhenAny(promised, Task.Delay(Patience, stream.View.Pools[0].Clock.Time)).ConfigureAwait(false);
    }

    /// <summary>Notes that a server acknowledged the router's own stream.</summary>
    internal void Acknowledged(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!envelope.SubscriptionId.Exists || !Utf8Parser.TryParse(envelope.SubscriptionId.Of(frame), out long id, out _))
        {
            return;
        }

        lock (_gate)
        {
            foreach (var attendance in _upstream.Values)
            {
                if (ReferenceEquals(attendance.Connection, connection) && attendance.Exchange.UpstreamId == id)
                {
                    attendance.Acknowledged = true;
                    attendance.Promised.TrySetResult();
                }
            }
        }
    }

    /// <summary>Opens or widens the router's own stream at a server.</summary>
    /// <returns>Completes when the server has acknowledged it.</returns>
    public Task Attend(ServerPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return Attend(pool, again: null);
    }

    /// <param name="pool">The server.</param>
    /// <param name="again">The attendance that ended and is to be replaced, if it is still the newest; null for any.</param>
    private Task Attend(ServerPool pool, Attendance? again)
    {
        if (pool.Modern().Live is not { } connection)
        {
            return Task.CompletedTask;
        }

        LocalExchange? old = null;
        Attendance attendance;
        List<string> uris;
        List<string> tasks;
        lock (_gate)
        {
            (uris, tasks) = Wanted(pool);
            var wanted = string.Join('\n', uris) + "\0" + string.Join('\n', tasks);
            _upstream.TryGetValue(pool, out var present);
            if (again is not null && !ReferenceEquals(again, present))
            {
                return Task.CompletedTask;
            }

            if (present is not null && ReferenceEquals(present.Connection, connection))
            {
                if (present.Wanted == wanted && !present.Exchange.IsEnded)
                {
                    return present.Promised.Task;
                }

                old = present.Exchange;
            }

            attendance = new Attendance(connection, new LocalExchange { Method = McpMethod.Listen }, wanted)
            {
                Since = pool.Clock.Now,
                Pause = again?.Pause ?? TimeSpan.Zero,
            };
            _upstream[pool] = attendance;
        }

        var exchange = attendance.Exchange;
        _ = AttendAgainAsync(pool, attendance);
        LocalRequests.Send(connection, exchange, McpMethod.Listen, json =>
        {
            json.WriteStartObject("notifications"u8);
            json.WriteBoolean("toolsListChanged"u8, true);
            json.WriteBoolean("promptsListChanged"u8, true);
            json.WriteBoolean("resourcesListChanged"u8, true);
            if (uris.Count > 0)
            {
                json.WriteStartArray("resourceSubscriptions"u8);
                uris.ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }

            if (tasks.Count > 0)
            {
                json.WriteStartArray("taskIds"u8);
                tasks.ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        });

        // The new stream stands before the old one goes, so that nothing falls between them.
        old?.Withdraw("\"replaced\""u8);
        return attendance.Promised.Task;
    }

    /// <summary>
    /// Waits for the end of the router's own stream and opens the next one, for there is no resuming: a server that was restarted or a
    /// proxy that cuts what is idle ends the stream and leaves the connection.
    /// </summary>
    private async Task AttendAgainAsync(ServerPool pool, Attendance attendance)
    {
        var refused = false;
        try
        {
            var answer = await attendance.Exchange.Answered.ConfigureAwait(false);
            refused = EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok || envelope.Kind == FrameKind.Error;
        }
        catch (RequestFailed e)
        {
            refused = e.Error.UpstreamStatus is >= 300 and < 500 and not (408 or 429);
        }
        catch (OperationCanceledException)
        {
            // Another took its place.
            return;
        }
        finally
        {
            // What ended promises nothing more.
            attendance.Promised.TrySetResult();
        }

        if (refused && !attendance.Acknowledged)
        {
            return;
        }

        var stood = pool.Clock.Now - attendance.Since > LongestPause.TotalMilliseconds;
        var pause = stood || attendance.Pause == TimeSpan.Zero ? FirstPause : Longer(attendance.Pause);
        for (; ; pause = Longer(pause))
        {
            attendance.Pause = pause;
            await Task.Delay(pause, pool.Clock.Time).ConfigureAwait(false);
            if (attendance.Connection.IsOpen)
            {
                await Attend(pool, attendance).ConfigureAwait(false);
                if (IsHeard(pool))
                {
                    HeardAgain?.Invoke(pool);
                }

                return;
            }

            // What is behind a URL comes back by itself, and who only listens asks for nothing that would find it. A child is started
            // again when it is needed.
            if (pool.Modern().Live is not null || pool.Model.Transport is not HttpModel || !IsWanted(pool))
            {
                return;
            }

            try
            {
                // Whoever is told of a connection that was opened attends to it.
                await pool.Modern().OpenAsync().ConfigureAwait(false);
                return;
            }
            catch (ConnectFailure)
            {
                // Not yet.
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private bool IsHeard(ServerPool pool)
    {
        lock (_gate)
        {
            return _upstream.TryGetValue(pool, out var newest) && newest is { Acknowledged: true, Exchange.IsEnded: false };
        }
    }

    private bool IsWanted(ServerPool pool)
    {
        lock (_gate)
        {
            return _streams.Exists(s => !s.Stream.IsEnded && s.Stream.View.Pools.Contains(pool));
        }
    }

    /// <summary>Reports changed lists.</summary>
    public void ListChanged(View view, ListKind kind)
    {
        foreach (var (stream, _) in Streams())
        {
            if (ReferenceEquals(stream.View, view))
            {
                stream.ListChanged(kind);
            }
        }
    }

    /// <summary>Passes the news of a changed resource to the streams that watch it.</summary>
    /// <param name="pool">Whose.</param>
    /// <param name="uri">The server's own name of it.</param>
    /// <param name="frame">The news.</param>
    /// <param name="envelope">Their envelope.</param>
    public void ResourceUpdated(ServerPool pool, string uri, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        foreach (var (stream, catalog) in Streams())
        {
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

    /// <summary>Passes a task's news to the streams that watch it.</summary>
    public void TaskChanged(ServerPool pool, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var id = Encoding.UTF8.GetString(envelope.TaskId.Of(frame));
        foreach (var (stream, _) in Streams())
        {
            var single = stream.View.IsSingle;
            if (stream.TaskIds.Contains(single ? id : pool.Model.Prefix + "." + id, StringComparer.Ordinal))
            {
                stream.Forward(frame, envelope, single ? default : new ByteRange(envelope.TaskId.At, 0), single ? default : pool.TaskTag);
            }
        }
    }

    /// <summary>Ends all streams in good order.</summary>
    public void End()
    {
        foreach (var (stream, _) in Streams())
        {
            stream.End();
        }
    }

    private static (ServerPool? Pool, string Own) Resolve(ClientCatalog catalog, MergedCatalog lists, string uri)
    {
        var bytes = Encoding.UTF8.GetBytes(uri);
        if (lists[ListKind.Resources].Find(bytes) is { } route)
        {
            return (route.Pool, route.Entry.Key);
        }

        if (ForeignUris.TrySplit(bytes, out var prefix, out var length) && catalog.View.ByPrefix(prefix) is { } named)
        {
            return (named, Encoding.UTF8.GetString(bytes.AsSpan(length)));
        }

        if (catalog.View.IsSingle)
        {
            return (catalog.View.Pools[0], uri);
        }

        var template = lists[ListKind.Templates].Routes.FirstOrDefault(t => UriTemplates.Matches(t.Entry.Key, uri));
        return (template?.Pool, uri);
    }

    private (List<string> Uris, List<string> Tasks) Wanted(ServerPool pool)
    {
        _streams.RemoveAll(s => s.Stream.IsEnded);
        var uris = new SortedSet<string>(StringComparer.Ordinal);
        var tasks = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (stream, catalog) in _streams)
        {
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

        return ([.. uris], [.. tasks]);
    }

    private List<(ListenStream Stream, ClientCatalog Catalog)> Streams()
    {
        lock (_gate)
        {
            return [.. _streams];
        }
    }

    /// <summary>The router's own stream at a server.</summary>
    private sealed record Attendance(UpstreamConnection Connection, LocalExchange Exchange, string Wanted)
    {
        /// <summary>True once the server has acknowledged it.</summary>
        public volatile bool Acknowledged;

        /// <summary>When it was opened, on the monotonic clock.</summary>
        public long Since { get; init; }

        /// <summary>The pause before it was opened in place of another; longer each time, until one has stood for a while.</summary>
        public TimeSpan Pause { get; set; }

        /// <summary>Completes when the server has acknowledged it, or ended it.</summary>
        public TaskCompletionSource Promised { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
