using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Bridging;

/// <summary>The tasks at legacy servers that the router looks after for clients that cannot do so themselves. Thread-safe.</summary>
internal sealed class LegacyTasks(LimitsModel limits, MonotonicClock clock)
{
    private const int MostKept = 10_000;
    private readonly ConcurrentDictionary<Key, ITaskHolder> _holders = new();
    private readonly ConcurrentDictionary<string, KeptTask> _kept = new(StringComparer.Ordinal);

    /// <summary>True when no more tasks can be kept.</summary>
    public bool IsFull => _kept.Count >= MostKept;

    /// <summary>How many tasks are kept for modern clients.</summary>
    public int KeptCount => _kept.Count;

    /// <summary>Tasks that somebody looks after now.</summary>
    public int Count => _holders.Count;

    /// <summary>Those who want to hear of kept tasks, or null.</summary>
    public ITaskNews? News { get; set; }

    /// <summary>The kinds of clients whose connections hold a task that is kept.</summary>
    public IEnumerable<string> ProfileKeys => _kept.Values.Select(static k => k.ProfileKey).Distinct(StringComparer.Ordinal);

    /// <summary>Notes who looks after a task.</summary>
    public void Add(UpstreamConnection connection, ReadOnlySpan<byte> taskId, ITaskHolder holder) => _holders[KeyOf(connection, taskId)] = holder;

    /// <summary>Forgets it. Harmless when another looks after the task by now.</summary>
    public void Remove(UpstreamConnection connection, ReadOnlySpan<byte> taskId, ITaskHolder holder) =>
        _holders.TryRemove(new KeyValuePair<Key, ITaskHolder>(KeyOf(connection, taskId), holder));

    /// <summary>Who looks after a task, or null.</summary>
    public ITaskHolder? Find(UpstreamConnection connection, ReadOnlySpan<byte> taskId) => _holders.GetValueOrDefault(KeyOf(connection, taskId));

    /// <summary>Keeps a task for a modern client.</summary>
    /// <param name="connection">Where it runs.</param>
    /// <param name="taskId">The server's id, inside of a JSON string.</param>
    /// <param name="profile">What the client can be asked.</param>
    /// <param name="principal">Who the client is.</param>
    /// <param name="tool">The server's own name of the tool that made it; null when it is not known.</param>
    public KeptTask Keep(UpstreamConnection connection, ReadOnlySpan<byte> taskId, ClientProfile profile, string principal, string? tool = null)
    {
        // An id of our own: whoever knows it may touch the task, and those of legacy servers can be guessed, and be equal on two connections.
        var id = Bridge.NewHandle().ToString("x32", CultureInfo.InvariantCulture);
        var task = new KeptTask(this, connection, taskId.ToArray(), id, profile, principal, limits) { LastUsed = clock.Now, Tool = tool };
        _kept[id] = task;
        Add(connection, taskId, task);
        return task;
    }

    /// <summary>Finds a task that is kept for a client.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="id">The id the client knows, without a tag.</param>
    /// <param name="principal">Who the client is.</param>
    public KeptTask? FindKept(string server, string id, string principal)
    {
        if (!_kept.TryGetValue(id, out var task) || task.Server != server || task.Principal != principal)
        {
            return null;
        }

        task.LastUsed = clock.Now;
        return task;
    }

    /// <summary>Takes a question that belongs to a task, or to the call that is about to make one.</summary>
    /// <returns>False when it belongs to neither.</returns>
    public bool TakeQuestion(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related)
    {
        var taken = related?.Exchange switch
        {
            HeldResult held => held.Holder.TakeQuestion(frame, envelope),
            TaskedCall call => call.TakeQuestion(frame, envelope),
            null when envelope.RelatedTask.Exists => Find(connection, envelope.RelatedTask.Of(frame))?.TakeQuestion(frame, envelope) ?? false,
            _ => (bool?)null,
        };
        if (taken == false)
        {
            connection.Reply(new RouterError(ErrorCodes.CannotAsk, "Nobody waits for the task this question belongs to.").ToFrame(envelope.Id.Of(frame)), default);
        }

        return taken is not null;
    }

    /// <summary>The wait for a task's result to which a question belongs, when a call waits for that task to end.</summary>
    public OpenCall? CallOf(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope) =>
        !_holders.IsEmpty && envelope.RelatedTask.Exists && Find(connection, envelope.RelatedTask.Of(frame)) is TaskedCall { Held: { } held }
            ? OpenCall.Find(held, held.UpstreamId)
            : null;

    /// <summary>Takes the news of the status of a task that no client is known to have made.</summary>
    /// <returns>False when it is none of those looked after here.</returns>
    public bool TakeStatus(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!envelope.TaskId.Exists)
        {
            return false;
        }

        if (Find(connection, envelope.TaskId.Of(frame)) is { } holder)
        {
            holder.StatusChanged();
            return true;
        }

        // Some servers report that a task works before they answer the call that makes it.
        return connection.Pending.Snapshot().Exists(static c => c.Exchange is TaskedCall);
    }

    /// <summary>Forgets a kept task.</summary>
    public void Forget(KeptTask task)
    {
        _kept.TryRemove(new KeyValuePair<string, KeptTask>(task.Id, task));
        Remove(task.Connection, task.ServerId, task);
        task.Drop();
    }

    /// <summary>Forgets what nobody has asked for in a while, and takes questions back that nobody answers.</summary>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public void Sweep(long now)
    {
        foreach (var (id, task) in _kept)
        {
            // What its server took along is worth no more than being told once.
            var most = task.Connection.IsOpen ? limits.SessionIdle : limits.ParkTimeout;
            if (now - task.LastUsed <= most.TotalMilliseconds)
            {
                task.Sweep(now);
            }
            else if (task.Connection.IsOpen && News?.IsWatched(task.Server, id) == true)
            {
                task.LastUsed = now;
            }
            else
            {
                Forget(task);
            }
        }
    }

    private static Key KeyOf(UpstreamConnection connection, ReadOnlySpan<byte> taskId) => new(connection, Encoding.UTF8.GetString(JsonText.Decode(taskId)));

    /// <summary>A class, since code for tables of structs is compiled while the first client waits.</summary>
    private sealed record Key(UpstreamConnection Connection, string TaskId);
}
