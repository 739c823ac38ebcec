using System.Buffers;
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
/// Bound: <c>maxBytes</c>. When full, events that were sent already go first, oldest first; then droppable news are not taken.
/// Answers and questions are always taken. Thread-safe.
/// </remarks>
internal sealed class EventLog
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly int _maxBytes;
    private readonly string? _idPrefix;
    private long _bytes;
    private long _next = 1;
    private long _sent;
    private long _forgotten;
    private Signal? _reader;

    /// <param name="idPrefix">Goes into the ids of events, unique in the session; null for a stream without ids.</param>
    /// <param name="maxBytes">Most bytes kept.</param>
    public EventLog(string? idPrefix, int maxBytes)
    {
        _idPrefix = idPrefix;
        _maxBytes = maxBytes;
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
                return _bytes >= _maxBytes;
            }
        }
    }

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
            if (IsCompleted || (droppable && !MakeRoom(splices.LengthOf(frame))))
            {
                return false;
            }

            var number = _next++;
            var output = new ArrayBufferWriter<byte>(splices.LengthOf(frame) + 64);
            SseWriter.Begin(output, type, Id(number));
            WriteData(output, frame, splices);
            SseWriter.End(output);
            Add(number, output.WrittenSpan.ToArray());
        }

        Wake();
        return true;
    }

    /// <summary>Appends the event that makes a stream resumable from its start: an id, empty data, and when to come back.</summary>
    public void Prime(int retryMs)
    {
        lock (_gate)
        {
            var number = _next++;
            var output = new ArrayBufferWriter<byte>(64);
            SseWriter.Write(output, default, default, Id(number), retryMs);
            Add(number, output.WrittenSpan.ToArray());
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

    /// <summary>Copies what was not sent yet.</summary>
    /// <returns>False when this reader was replaced, or everything was sent and no more will come.</returns>
    public bool TryTake(Signal reader, PooledBuffer output)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(reader, _reader))
            {
                return false;
            }

            foreach (var entry in _entries)
            {
                if (entry.Number > _sent)
                {
                    output.Write(entry.Bytes);
                    _sent = entry.Number;
                }
            }

            if (_idPrefix is null)
            {
                _entries.Clear();
                _bytes = 0;
            }

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

    private void Wake() => Volatile.Read(ref _reader)?.Set();

    private byte[] Id(long number) =>
        _idPrefix is null ? [] : Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_idPrefix}-{number}"));

    private void Add(long number, byte[] bytes)
    {
        _entries.Add(new Entry(number, bytes));
        _bytes += bytes.Length;
        MakeRoom(0);
    }

    private bool MakeRoom(int more)
    {
        var gone = 0;
        while (gone < _entries.Count && _bytes + more > _maxBytes && _entries[gone].Number <= _sent)
        {
            _bytes -= _entries[gone].Bytes.Length;
            _forgotten = _entries[gone].Number;
            gone++;
        }

        _entries.RemoveRange(0, gone);
        return _bytes + more <= _maxBytes;
    }

    private readonly record struct Entry(long Number, byte[] Bytes);
}
