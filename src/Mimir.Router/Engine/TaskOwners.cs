using System.Text;
using Mimir.Router.Sessions;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>
/// Which session made which task at a server. A legacy server that sees all clients through one connection cannot tell them apart, so
/// it lists everybody's tasks to anybody, and a modern one lists none: here it is known whose they are.
/// </summary>
/// <remarks>The newest tasks of each session are kept, and those until it ends. Thread-safe.</remarks>
public sealed class TaskOwners
{
    private const int MostOfOne = 1024;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, OwnedTask> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<ClientSession, Queue<string>> _made = [];

    /// <summary>Notes that a call of a session was answered with a task.</summary>
    /// <param name="session">Whose call it was.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="taskId">The server's own id, the inside of a JSON string.</param>
    internal void Note(ClientSession session, string server, ReadOnlySpan<byte> taskId) => Note(new OwnedTask(session), server, taskId);

    /// <summary>Notes a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="taskId">The server's own id, the inside of a JSON string.</param>
    internal void Note(OwnedTask task, string server, ReadOnlySpan<byte> taskId)
    {
        var session = task.Session;
        var key = Key(server, taskId);
        lock (_gate)
        {
            if (session.IsEnded)
            {
                return;
            }

            if (!_made.TryGetValue(session, out var made))
            {
                _made.Add(session, made = new Queue<string>());
            }

            if (_owners.TryGetValue(key, out var owner) && ReferenceEquals(owner.Session, session))
            {
                _owners[key] = task;
                return;
            }

            // A server that was started again may count its ids from the beginning: the id is its newest task's.
            _owners[key] = task;
            made.Enqueue(key);
            if (made.Count > MostOfOne)
            {
                Forget(made.Dequeue(), session);
            }
        }
    }

    /// <summary>The session that made a task, or null when none did that is still there.</summary>
    internal ClientSession? OwnerOf(string server, ReadOnlySpan<byte> taskId) => Find(server, taskId)?.Session;

    /// <summary>A task whose maker is still there, or null.</summary>
    internal OwnedTask? Find(string server, ReadOnlySpan<byte> taskId)
    {
        var key = Key(server, taskId);
        lock (_gate)
        {
            return _owners.GetValueOrDefault(key);
        }
    }

    /// <summary>Tells whether a session has made tasks at a server.</summary>
    internal bool HasAny(ClientSession session, string server)
    {
        var prefix = server + "\n";
        lock (_gate)
        {
            return _made.TryGetValue(session, out var made) && made.Any(k => k.StartsWith(prefix, StringComparison.Ordinal));
        }
    }

    /// <summary>What a session has made at a server, the oldest first: the server's ids, decoded, and the tasks.</summary>
    internal IReadOnlyList<(string Id, OwnedTask Task)> MadeBy(ClientSession session, string server)
    {
        var prefix = server + "\n";
        lock (_gate)
        {
            return !_made.TryGetValue(session, out var made) ? [] :
            [
                .. made.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && _owners.TryGetValue(k, out var o) && ReferenceEquals(o.Session, session))
                    .Select(k => (k[prefix.Length..], _owners[k])),
            ];
        }
    }

    /// <summary>The tasks at a modern server that sessions made and that have not ended, as far as known: the server's ids, decoded.</summary>
    internal IReadOnlyList<string> OpenAt(string server)
    {
        var prefix = server + "\n";
        lock (_gate)
        {
            return [.. _owners.Where(o => o.Value is { Last: not null, HasEnded: false } && o.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(o => o.Key[prefix.Length..])];
        }
    }

    /// <summary>Forgets the tasks of a session that has ended.</summary>
    internal void End(ClientSession session)
    {
        lock (_gate)
        {
            if (_made.Remove(session, out var made))
            {
                foreach (var key in made)
                {
                    Forget(key, session);
                }
            }
        }
    }

    private static string Key(string server, ReadOnlySpan<byte> taskId) => server + "\n" + Encoding.UTF8.GetString(JsonText.Decode(taskId));

    private void Forget(string key, ClientSession session)
    {
        if (_owners.TryGetValue(key, out var owner) && ReferenceEquals(owner.Session, session))
        {
            _owners.Remove(key);
        }
    }
}
