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
    /// <summary>What an event costs besides its bytes: the array's head and its place in the list, which has room to grow.</summary>
    internal const int Overhead = 64;

    /// <summary>What is copied for one write, or one event if that is larger: more waits until the client has read this.</summary>
    private const int MostAtOnce = 32 * 1024;

    /// <summary>From so many on, places that are empty are taken out of the list, and its array is not kept when it is empty.</summary>
    private const int FewEntries = 64;

    /// <summary>Room for a prefix, which is a letter and a number, and the event's number.</summary>
    private const int MostIdBytes = 64;
    private readonly Lock _gate;
    private readonly List<Entry> _entries = [];
    private readonly byte[]? _idStart;
    private EventBudget _budget;
    private int _first;
    private int _owed;
    private bool _keeps;
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
        _gate = budget.Gate;
    }

    /// <summary>Creates a stream that is all its client has.</summary>
    /// <param name="idPrefix">See the other.</param>
    /// <param name="maxBytes">Most bytes kept, with <see cref="Overhead"/> for each event.</param>
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
    internal bool HasSent => _first < _entries.Count && _entries[_first].Number <= _sent;

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
                _budget.Owe(-_owed);
                NewsBytes = _owed = 0;
                for (var i = FirstUnsent(); i < _entries.Count; i++)
                {
                    Wait(_entries[i], 1);
                }
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
            if (IsCompleted || (droppable && !_budget.MakeRoom(this, splices.LengthOf(frame) + Overhead, takesNews: true)))
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
            for (var i = _first; i < _entries.Count; i++)
            {
                _budget.Count(-_entries[i].Cost);
            }

            _budget.Owe(-_owed);
            if (_keeps)
            {
                _budget.End(this);
            }

            _keeps = false;
            _budget = new EventBudget(int.MaxValue);
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

            for (var i = FirstUnsent(); i < _entries.Count && output.Length < MostAtOnce; i++)
            {
                var entry = _entries[i];
                output.Write(entry.Bytes);
                _sent = entry.Number;
                Wait(entry, -1);
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
        while (bytes > 0 && HasSent)
        {
            var entry = _entries[_first];
            _entries[_first++] = default;
            _forgotten = entry.Number;
            _budget.Count(-entry.Cost);
            bytes -= entry.Cost;
        }

        Tidy();
    }

    /// <summary>Drops the news that wait. Under the budget's gate.</summary>
    internal void DropNews()
    {
        var kept = FirstUnsent();
        for (var i = kept; i < _entries.Count; i++)
        {
            if (_entries[i].IsNews)
            {
                _budget.Count(-_entries[i].Cost);
            }
            else
            {
                _entries[kept++] = _entries[i];
            }
        }

        _entries.RemoveRange(kept, _entries.Count - kept);
        NewsBytes = 0;
        Tidy();
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
        if (!_keeps)
        {
            _keeps = true;
            _budget.Begin(this);
        }

        var entry = new Entry(_next++, bytes.ToArray(), droppable);
        _entries.Add(entry);
        Wait(entry, 1);
        LastTurn = _budget.NextTurn();
        _budget.Count(entry.Cost);
        _budget.MakeRoom(this, 0, takesNews: false);
    }

    /// <summary>Counts an event that waits, or does so no more.</summary>
    private void Wait(in Entry entry, int sign)
    {
        if (entry.IsNews)
        {
            NewsBytes += sign * entry.Cost;
            return;
        }

        _owed += sign * entry.Cost;
        _budget.Owe(sign * entry.Cost);
    }

    /// <summary>The place of the first event that was not sent.</summary>
    private int FirstUnsent()
    {
        var (low, high) = (_first, _entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _entries[middle].Number <= _sent ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Gives back the places of what went. Moves what is left only when that is the smaller part, so that it costs little for each.</summary>
    private void Tidy()
    {
        if (_first == _entries.Count)
        {
            if (_keeps)
            {
                _keeps = false;
                _budget.End(this);
            }

            _entries.Clear();
            _first = 0;
            if (_entries.Capacity > FewEntries)
            {
                _entries.Capacity = 0;
            }
        }
        else if (_first > FewEntries && _first > _entries.Count / 2)
        {
            _entries.RemoveRange(0, _first);
            _first = 0;
        }
    }

    private readonly record struct Entry(long Number, byte[] Bytes, bool IsNews)
    {
        public int Cost => Bytes.Length + Overhead;
    }
}
