using Mimir.Protocol.Envelopes;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Sessions;

/// <summary>
/// The questions one client has open, under ids of our own, and the tasks it answered some with: who asked is the only server that
/// hears of either.
/// </summary>
/// <remarks>At most 1,024 of each; of the tasks the newest are kept. Thread-safe.</remarks>
internal sealed class OpenQuestions
{
    private const int Most = 1024;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Question> _open = [];
    private OrderedDictionary<string, Question>? _tasks;
    private long _last;
    private int _count;
    private bool _closed;

    /// <summary>True when there is none. Takes no lock.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Adds a question.</summary>
    /// <returns>Null when the client has gone or has too many.</returns>
    public Question? Add(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? call, bool cameWithCall)
    {
        var token = envelope.ProgressToken.Exists ? envelope.ProgressToken.Of(frame).ToArray() : null;
        lock (_gate)
        {
            if (_closed || _open.Count >= Most)
            {
                return null;
            }

            var question = new Question(++_last, connection, envelope.Id.Of(frame).ToArray(), token)
            {
                Call = call?.Exchange,
                CallId = call?.Id ?? 0,
                CameWithCall = cameWithCall,
            };
            _open.Add(question.Number, question);
            _count = _open.Count;
            return question;
        }
    }

    /// <summary>Adds a question on behalf of a call made here.</summary>
    /// <returns>Null when the client has gone or has too many.</returns>
    public Question? Add(Exchange call)
    {
        lock (_gate)
        {
            if (_closed || _open.Count >= Most)
            {
                return null;
            }

            var question = new Question(++_last, null, [], null)
            {
                Call = call,
                CameWithCall = true,
                Answered = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously),
            };
            _open.Add(question.Number, question);
            _count = _open.Count;
            return question;
        }
    }

    /// <summary>Says that a question does not end with its call.</summary>
    /// <returns>False when it is not open any more.</returns>
    public bool Unbind(Question question)
    {
        lock (_gate)
        {
            question.Call = null;
            return _open.ContainsKey(question.Number);
        }
    }

    /// <summary>Takes out the question with a number.</summary>
    /// <returns>Null when there is none (any more).</returns>
    public Question? Take(long number)
    {
        lock (_gate)
        {
            _open.Remove(number, out var question);
            _count = _open.Count;
            return question;
        }
    }

    /// <summary>Takes out a question by what the server calls it.</summary>
    public Question? Take(UpstreamConnection connection, ReadOnlySpan<byte> id)
    {
        lock (_gate)
        {
            foreach (var question in _open.Values)
            {
                if (ReferenceEquals(question.Connection, connection) && id.SequenceEqual(question.Id))
                {
                    return Take(question.Number);
                }
            }
        }

        return null;
    }

    /// <summary>Takes out all questions of a connection that is gone; its tasks are forgotten.</summary>
    public List<Question> TakeOf(UpstreamConnection connection)
    {
        lock (_gate)
        {
            foreach (var task in _tasks?.Where(t => ReferenceEquals(t.Value.Connection, connection)).Select(t => t.Key).ToList() ?? [])
            {
                _tasks!.Remove(task);
            }

            return TakeWhere(q => ReferenceEquals(q.Connection, connection));
        }
    }

    /// <summary>
    /// Takes out the questions that end with a call. One that came on no response stream may be another matter, so it ends only with a
    /// call that was given up.
    /// </summary>
    /// <param name="call">The call, which has ended and was not used again yet.</param>
    public List<Question> TakeOf(Exchange call)
    {
        lock (_gate)
        {
            var taken = TakeWhere(q => ReferenceEquals(q.Call, call) && (q.CameWithCall || !call.IsAnswered));
            foreach (var question in _open.Values)
            {
                if (ReferenceEquals(question.Call, call))
                {
                    question.Call = null;
                }
            }

            return taken;
        }
    }

    /// <summary>Takes nothing more, and takes all out.</summary>
    public List<Question> Close()
    {
        lock (_gate)
        {
            _closed = true;
            _tasks = null;
            return TakeWhere(_ => true);
        }
    }

    /// <summary>Tells whether a question is open that a call may wait for.</summary>
    /// <param name="connection">Whose question.</param>
    /// <param name="call">The id of the call; 0 for any.</param>
    public bool HasAny(UpstreamConnection connection, long call)
    {
        lock (_gate)
        {
            return _open.Values.Any(q => ReferenceEquals(q.Connection, connection) && (call == 0 || q.CallId == 0 || q.CallId == call));
        }
    }

    /// <summary>The question with a number, also when it was answered with a task that goes on.</summary>
    public Question? Find(long number)
    {
        lock (_gate)
        {
            return _open.TryGetValue(number, out var question) ? question : _tasks?.Values.FirstOrDefault(q => q.Number == number);
        }
    }

    /// <summary>Notes that a question was answered with a task of the client.</summary>
    public void NoteTask(string taskId, Question question)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _tasks ??= new OrderedDictionary<string, Question>(StringComparer.Ordinal);
            _tasks.Remove(taskId);
            _tasks.Add(taskId, question);
            if (_tasks.Count > Most)
            {
                _tasks.RemoveAt(0);
            }
        }
    }

    /// <summary>The question that a task of the client is the answer to, or null.</summary>
    public Question? FindTask(string taskId)
    {
        lock (_gate)
        {
            return _tasks?.GetValueOrDefault(taskId);
        }
    }

    /// <summary>Tells whether all tasks of the client were made for one connection.</summary>
    public bool AllTasksAreFor(UpstreamConnection connection)
    {
        lock (_gate)
        {
            return _tasks?.Values.All(q => ReferenceEquals(q.Connection, connection)) ?? true;
        }
    }

    private List<Question> TakeWhere(Func<Question, bool> which)
    {
        List<Question> taken = [.. _open.Values.Where(which)];
        foreach (var question in taken)
        {
            _open.Remove(question.Number);
        }

        _count = _open.Count;
        return taken;
    }
}
