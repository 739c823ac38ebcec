using System.Buffers;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Bridging;

/// <summary>What a legacy server asks in a task, while the task's modern client has not answered. Thread-safe.</summary>
internal sealed class TaskQuestions(UpstreamConnection connection)
{
    private const int Most = 64;
    private readonly Lock _gate = new();
    private readonly List<(ParkedQuestion Question, long Since)> _open = [];
    private int _asked;
    private bool _closed;

    /// <summary>True while there is one.</summary>
    public bool Any
    {
        get
        {
            lock (_gate)
            {
                return _open.Count > 0;
            }
        }
    }

    /// <summary>Adds one.</summary>
    /// <param name="frame">The question.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <returns>False when it cannot be asked: it is of no kind that modern clients know, or there are too many.</returns>
    public bool TryAdd(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (Questions.EntryOf(frame, envelope) is not { } entry)
        {
            return false;
        }

        lock (_gate)
        {
            if (_closed || _open.Count >= Most)
            {
                return false;
            }

            // Every key once in the task's life: an answer is meant for what it was asked under.
            _open.Add((new ParkedQuestion($"r{++_asked}", envelope.Id.Of(frame).ToArray(), envelope.Method, entry), connection.Order.Clock.Now));
            return true;
        }
    }

    /// <summary>Brings the client's answers to the server. What it does not answer it is asked again.</summary>
    /// <param name="responses">The JSON object of answers by their keys.</param>
    public void Answer(ReadOnlySpan<byte> responses)
    {
        var replies = new List<byte[]>();
        lock (_gate)
        {
            var answers = InputResponses.Read(responses, [.. _open.Select(q => q.Question.Key)]);
            foreach (var (question, _) in _open.Where(q => answers.ContainsKey(q.Question.Key)))
            {
                replies.Add([.. "{\"jsonrpc\":\"2.0\",\"id\":"u8, .. question.Id, .. ",\"result\":"u8, .. answers[question.Key], (byte)'}']);
            }

            _open.RemoveAll(q => answers.ContainsKey(q.Question.Key));
        }

        foreach (var reply in replies)
        {
            connection.Reply(reply, default);
        }
    }

    /// <summary>All of them, as a modern client is asked them: a JSON object. Null when there is none.</summary>
    public byte[]? ToJson()
    {
        var output = new ArrayBufferWriter<byte>(256);
        lock (_gate)
        {
            if (_open.Count == 0)
            {
                return null;
            }

            for (var i = 0; i < _open.Count; i++)
            {
                output.Write(i == 0 ? "{\""u8 : ",\""u8);
                output.Write(Encoding.ASCII.GetBytes(_open[i].Question.Key));
                output.Write("\":"u8);
                output.Write(_open[i].Question.Entry);
            }
        }

        output.Write("}"u8);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Forgets all: the server waits for no answer any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _open.Clear();
        }
    }

    /// <summary>Takes back what was asked before a time: the server is told, as by a user who closed the dialog.</summary>
    /// <param name="before">On the monotonic clock.</param>
    public void Decline(long before)
    {
        List<(ParkedQuestion Question, long Since)> declined;
        lock (_gate)
        {
            if (_open.Count == 0)
            {
                return;
            }

            declined = _open.FindAll(q => q.Since < before);
            _open.RemoveAll(q => q.Since < before);
        }

        foreach (var (question, _) in declined)
        {
            connection.Reply(ParkableCall.Declined(question), default);
        }
    }

    /// <summary>Takes no more, and takes all back.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        Decline(long.MaxValue);
    }
}
