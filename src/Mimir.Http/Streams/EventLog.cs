using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Sse;

namespace Mimir.Http.Streams;

/// <summary>
/// The events of one stream to one client: written by any thread, read by the one request that is attached. With ids it can be read
/// again from a given event, so that a client that lost its connection loses nothing.
/// </summary>
/// <remarks>
/// Bound: its <see cref="EventBudget"/>, which all streams of a client share. When that is full, events that were sent already go
/// first; then droppable news are not taken. Answers and questions are always taken. Thread-safe.
/// </remarks>
internal sealed class EventLog
{
    /// <summary>What is copied for one write, or one event if that is larger: more waits until the client has read this.</summary>
    private const int MostAtOnce = 32 * 1024;

    /// <summary>Room for a prefix, which is a letter and a number, and the event's number.</summary>
    private const int MostIdBytes = 64;
    private readonly EventChain _events;
    private readonly Lock _gate;
    private readonly byte[]? _idStart;
    private EventBudget _budget;
    private long _kept;
    private long _owed;
    private long _next = 1;
    private long _sent;
    private long _forgotten;
    private Signal? _reader;

    /// <summary>Creates a stream that shares a budget.</summary>
    /// <param name="idPrefix">Goes into the ids of events, unique in the session; null for a stream without ids.</param>
    /// <param name="budget">Of all streams of the client.</param>
    public EventLog(string? idPrefix, EventBudget budget)
    {
        _idStart = idPrefix is null ? null : Encoding.ASCII.GetBytes(idPrefix + "-");
        _budget = budget;
        _events = new EventChain(budget);
        _gate = budget.Gate;
    }

    /// <summary>Creates a stream that is all its client has.</summary>
    /// <param name="idPrefix">See the other.</param>
    /// <param name="maxBytes">Most bytes kept, with what keeping them costs.</param>
    public EventLog(string? idPrefix, int maxBytes)
        : this(idPrefix, new EventBudget(maxBytes))
    {
    }

    /// <summary>True when no more events will come.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>True while a request reads it.</summary>
    public bool IsAttached => Volatile.Read(ref _reader) is not null;

    /// <summary>True when as much waits as may be kept: a client that does not read must not cause more.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _budget.IsFull;
            }
        }
    }

    /// <summary>The turn of the budget in which it last took or gave something. Read under the budget's gate, as are the next two.</summary>
    internal long LastTurn { get; private set; }

    /// <summary>What waits of news, which may be dropped, in bytes.</summary>
    internal long NewsBytes { get; private set; }

    /// <summary>True while it keeps an event that was sent.</summary>
    internal bool HasSent => _events.TryFirst(out var first) && first.Number <= _sent;

    /// <summary>Tells whether every event after one is still there, so that a client that has it misses none.</summary>
    public bool KeepsAllAfter(long number)
    {
        lock (_gate)
        {
            return number >= _forgotten && number < _next;
        }
    }

    /// <summary>Attaches a reader, in place of one that may still be there.</summary>
    /// <param name="after">The number of the last event the client has; 0 for none, -1 for those not sent yet.</param>
    /// <returns>The reader: it is woken when there is something to take, or when it was replaced.</returns>
    public Signal Attach(long after)
    {
        var reader = new Signal();
        Signal? old;
        lock (_gate)
        {
            if (after >= 0)
            {
                _sent = after;
                Rewind();
            }

            (old, _reader) = (_reader, reader);
        }

        old?.Set();
        reader.Set();
        return reader;
    }

    /// <summary>Detaches a reader, unless another has taken its place.</summary>
    public void Detach(Signal reader)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_reader, reader))
            {
                _reader = null;
            }
        }
    }

    /// <summary>Appends a message.</summary>
    /// <returns>False when it was not taken.</returns>
    public bool Append(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable, ReadOnlySpan<byte> type = default)
    {
        lock (_gate)
        {
            if (IsCompleted || (droppable && !_budget.MakeRoom(this, splices.LengthOf(frame) + EventBlock.HeadSize, takesNews: true)))
            {
                return false;
            }

            var output = _budget.Scratch();
            Span<byte> id = stackalloc byte[MostIdBytes];
            SseWriter.Begin(output, type, id[..WriteId(id)]);
            WriteData(output, frame, splices);
            SseWriter.End(output);
            Add(output.WrittenSpan, droppable);
        }

        Wake();
        return true;
    }

    /// <summary>Appends the event that makes a stream resumable from its start: an id, empty data, and when to come back.</summary>
    public void Prime(int retryMs)
    {
        lock (_gate)
        {
            var output = _budget.Scratch();
            Span<byte> id = stackalloc byte[MostIdBytes];
            SseWriter.Write(output, default, default, id[..WriteId(id)], retryMs);
            Add(output.WrittenSpan, droppable: false);
        }

        Wake();
    }

    /// <summary>Says that no more events will come.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            IsCompleted = true;
        }

        Wake();
    }

    /// <summary>
    /// Takes it out of the budget: nobody can ask for it any more. Whoever is about to read it, for it may have ended before its reader
    /// came, still gets all of it.
    /// </summary>
    public void Leave()
    {
        lock (_gate)
        {
            _budget.Count(-_kept);
            _budget.Owe(-_owed);
            if (!_events.IsEmpty)
            {
                _budget.End(this);
            }

            _budget = new EventBudget(int.MaxValue);
            _events.Move(_budget);
        }
    }

    /// <summary>Copies what was not sent yet, or as much of it as is written at a time.</summary>
    /// <returns>False when this reader was replaced, or everything was sent and no more will come.</returns>
    public bool TryTake(Signal reader, PooledBuffer output)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(reader, _reader))
            {
                return false;
            }

            while (output.Length < MostAtOnce && _events.TryPeek(out var waiting))
            {
                output.Write(waiting.Bytes);
                _sent = waiting.Number;
                Wait(waiting, -1);
                _events.Skip(waiting);
            }

            LastTurn = _budget.NextTurn();
            if (_idStart is null)
            {
                ForgetSent(long.MaxValue);
            }

            _budget.Settle(this);
            return output.Length > 0 || !IsCompleted;
        }
    }

    /// <summary>Finds the number in an event id of this stream.</summary>
    public static bool TryParse(string id, out string prefix, out long number)
    {
        var dash = id.LastIndexOf('-');
        prefix = dash > 0 ? id[..dash] : "";
        number = 0;
        return dash > 0 && long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    internal static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        if (!SseWriter.HasLineBreak(frame))
        {
            splices.WriteTo(output, frame);
            return;
        }

        // Line ends between the tokens of JSON are white space; as blanks they keep the message on one line.
        var length = splices.LengthOf(frame);
        var target = output.GetSpan(length)[..length];
        splices.CopyTo(frame, target);
        target.Replace((byte)'\n', (byte)' ');
        target.Replace((byte)'\r', (byte)' ');
        output.Advance(length);
    }

    /// <summary>Forgets events that were sent, oldest first. Under the budget's gate.</summary>
    /// <param name="bytes">How much at least, if there is as much.</param>
    internal void ForgetSent(long bytes)
    {
        while (bytes > 0 && _events.TryFirst(out var first) && first.Number <= _sent)
        {
            _forgotten = first.Number;
            bytes -= first.Cost;
            Keep(-first.Cost);
            _events.RemoveFirst();
            if (_events.IsEmpty)
            {
                _budget.End(this);
            }
        }
    }

    /// <summary>Drops the news that wait. Under the budget's gate.</summary>
    internal void DropNews()
    {
        if (!_events.TryPeek(out var waiting))
        {
            return;
        }

        var from = _events.Next;
        var others = new List<(long Number, byte[] Bytes)>();
        do
        {
            Keep(-waiting.Cost);
            Wait(waiting, -1);
            if (!waiting.IsNews)
            {
                others.Add((waiting.Number, waiting.Bytes.ToArray()));
            }

            _events.Skip(waiting);
        }
        while (_events.TryPeek(out waiting));

        _events.CutFrom(from);
        if (_events.IsEmpty)
        {
            _budget.End(this);
        }

        foreach (var (number, bytes) in others)
        {
            Put(number, bytes, isNews: false);
        }
    }

    private void Wake() => Volatile.Read(ref _reader)?.Set();

    private int WriteId(Span<byte> id)
    {
        if (_idStart is null)
        {
            return 0;
        }

        _idStart.CopyTo(id);
        Utf8Formatter.TryFormat(_next, id[_idStart.Length..], out var written);
        return _idStart.Length + written;
    }

    private void Add(ReadOnlySpan<byte> bytes, bool droppable)
    {
        Put(_next++, bytes, droppable);
        LastTurn = _budget.NextTurn();
        _budget.MakeRoom(this, 0, takesNews: false);
    }

    private void Put(long number, ReadOnlySpan<byte> bytes, bool isNews)
    {
        if (_events.IsEmpty)
        {
            _budget.Begin(this);
        }

        _events.Put(number, bytes, isNews);
        var put = new KeptEvent(number, isNews, bytes);
        Keep(put.Cost);
        Wait(put, 1);
    }

    private void Keep(int bytes)
    {
        _kept += bytes;
        _budget.Count(bytes);
    }

    /// <summary>Counts an event that waits, or does so no more.</summary>
    private void Wait(in KeptEvent kept, int sign)
    {
        if (kept.IsNews)
        {
            NewsBytes += sign * kept.Cost;
            return;
        }

        _owed += sign * kept.Cost;
        _budget.Owe(sign * kept.Cost);
    }

    /// <summary>Goes to the first event behind the last that was sent, from the beginning.</summary>
    private void Rewind()
    {
        _budget.Owe(-_owed);
        NewsBytes = _owed = 0;
        _events.Rewind();
        while (_events.TryPeek(out var kept) && kept.Number <= _sent)
        {
            _events.Skip(kept);
        }

        var first = _events.Next;
        while (_events.TryPeek(out var waiting))
        {
            Wait(waiting, 1);
            _events.Skip(waiting);
        }

        _events.Next = first;
    }
}
