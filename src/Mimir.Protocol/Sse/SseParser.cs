using System.Buffers;

namespace Mimir.Protocol.Sse;

/// <summary>
/// Reads a <c>text/event-stream</c> that arrives in chunks of any size. A socket reads straight into the parser
/// (<see cref="GetMemory"/>, <see cref="Advance"/>), <see cref="TryRead"/> takes out what is complete.
/// </summary>
/// <remarks>
/// <para>The grammar is that of the WHATWG HTML standard, section 9.2.6, with one deliberate difference: an event without data is
/// reported when it sets the id or the retry time, because MCP streams are primed that way. An event that is not
/// closed by a blank line is never reported.</para>
/// <para>A single <c>data</c> line is handed out where it lies; several are joined in a second buffer. Buffers are rented and
/// reused: reading allocates nothing once they have grown to the size of the stream's events. Time is linear in the
/// bytes read, whatever the chunks.</para>
/// <para>Memory is bounded by the limit on an event plus one chunk: read no more before <see cref="TryRead"/> returned false.
/// Not thread-safe.</para>
/// </remarks>
public sealed class SseParser : IBufferWriter<byte>, IDisposable
{
    /// <summary>The default limit on one event: 16 MiB.</summary>
    public const int DefaultMaxEventBytes = 16 * 1024 * 1024;

    /// <summary>The most bytes an event's type or id may have: 8 KiB. An id has to fit into a header to be of use.</summary>
    public const int MaxNameBytes = 8 * 1024;

    private const int MaxLinesKeptAfterData = 4;
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    private static readonly byte[] s_defaultType = "message"u8.ToArray();

    private readonly int _maxEventBytes;
    private StreamBuffer _stream;
    private int _lineStart;
    private int _scanned;
    private bool _firstLine = true;
    private bool _skipLf;
    private bool _inComment;
    private int _faultedAt;
    private long _commentBytes;

    private DataPlace _place;
    private int _dataStart;
    private int _dataLength;
    private int _linesAfterData;
    private ByteScratch _joined;
    private ByteScratch _type;
    private ByteScratch _ownId;
    private ByteScratch _lastId;
    private bool _hasType;
    private bool _hasId;
    private int? _retryMs;
    private long _eventBytes;

    /// <summary>Creates a parser for one stream.</summary>
    /// <param name="maxEventBytes">
    /// The most bytes the lines of one event may have, field names counted and line ends not; the same bound holds for one comment
    /// line. At least 1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxEventBytes"/> is less than 1.</exception>
    public SseParser(int maxEventBytes = DefaultMaxEventBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEventBytes, 1);
        _maxEventBytes = maxEventBytes;
        _stream = new StreamBuffer(maxEventBytes);
    }

    private enum DataPlace : byte
    {
        None,
        InBuffer,
        Joined,
    }

    /// <summary>Comment lines seen since the parser was created. A comment is a sign of life and carries nothing else.</summary>
    public long Comments { get; private set; }

    /// <summary>The last valid <c>retry</c> time of the stream in milliseconds; null before the first. Kept by <see cref="Reset"/>.</summary>
    /// <remarks>At most <see cref="int.MaxValue"/>, to which larger numbers are cut. Who waits that long is for the caller to decide.</remarks>
    public int? RetryMs { get; private set; }

    /// <summary>The id to resume after: that of the last complete event that set one; empty if none. Kept by <see cref="Reset"/>.</summary>
    /// <remarks>Valid until the next call on the parser.</remarks>
    public ReadOnlyMemory<byte> LastEventId => _lastId.Memory;

    /// <summary>Bytes of an event that no blank line has closed yet are held. When the stream ends here, that event was cut off.</summary>
    public bool HasPartialEvent => _eventBytes != 0 || _stream.End > _lineStart;

    private int LiveStart => _place == DataPlace.InBuffer ? _dataStart : _lineStart;

    /// <summary>Copies the next bytes of the stream into the parser.</summary>
    /// <param name="bytes">The next bytes; any number, cut anywhere.</param>
    /// <exception cref="SseLimitException">The stream has failed before.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Gives room to read the next bytes of the stream into. Ends the validity of the last event.</summary>
    /// <param name="sizeHint">The least bytes of room wanted; 0 for any.</param>
    /// <exception cref="SseLimitException">The stream has failed before.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _stream.Array.AsMemory(_stream.End);
    }

    /// <inheritdoc cref="GetMemory"/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _stream.Array.AsSpan(_stream.End);
    }

    /// <summary>Tells how many bytes were written to the room given last.</summary>
    /// <param name="count">0 to the length of that room.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than there was room for, or negative.</exception>
    public void Advance(int count) => _stream.Advance(count);

    /// <summary>Takes the next complete event. Ends the validity of the last one.</summary>
    /// <param name="e">The event, valid until the next call on the parser.</param>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="SseLimitException">
    /// An event or a comment line is over the limit, or a type or id over <see cref="MaxNameBytes"/>. Every later call fails as well.
    /// </exception>
    public bool TryRead(out SseEvent e)
    {
        var buffer = Buffer();
        while (TryTakeLine(buffer, out var start, out var length))
        {
            if (length != 0)
            {
                TakeField(buffer, start, length);
            }
            else if (TryDispatch(buffer, out e))
            {
                return true;
            }
        }

        e = default;
        return false;
    }

    /// <summary>Forgets all unread bytes and the event they belong to, to read another connection of the same stream.</summary>
    /// <remarks><see cref="LastEventId"/>, <see cref="RetryMs"/> and <see cref="Comments"/> live on; a failure is forgotten.</remarks>
    public void Reset()
    {
        _stream.Clear();
        _lineStart = _scanned = 0;
        _firstLine = true;
        _skipLf = _inComment = false;
        _faultedAt = 0;
        _commentBytes = 0;
        ForgetEvent();
    }

    /// <summary>Gives the buffers back. Nothing handed out may be used afterwards.</summary>
    public void Dispose()
    {
        _stream.Release();
        _joined.Release();
        _type.Release();
        _ownId.Release();
        _lastId.Release();
    }

    private byte[] Buffer()
    {
        if (_faultedAt != 0)
        {
            throw new SseLimitException(_faultedAt);
        }

        return _stream.Array;
    }

    private bool TryTakeLine(byte[] buffer, out int start, out int length)
    {
        while (true)
        {
            if (_skipLf && _lineStart < _stream.End)
            {
                _skipLf = false;
                if (buffer[_lineStart] == Lf)
                {
                    _scanned = ++_lineStart;
                }
            }

            var found = buffer.AsSpan(_scanned, _stream.End - _scanned).IndexOfAny(Cr, Lf);
            if (found < 0)
            {
                _scanned = _stream.End;
                HoldPartialLine(buffer);
                start = length = 0;
                return false;
            }

            // A line ends at its CR at once; an LF that may follow belongs to it and is dropped whenever it comes.
            var lineEnd = _scanned + found;
            _skipLf = buffer[lineEnd] == Cr;
            start = _lineStart;
            length = lineEnd - start;
            _lineStart = _scanned = lineEnd + 1;
            if (!_inComment)
            {
                return true;
            }

            _inComment = false;
            EndComment(_commentBytes + length);
        }
    }

    private void HoldPartialLine(byte[] buffer)
    {
        var pending = _stream.End - _lineStart;
        if (!_inComment && (pending == 0 || buffer[_lineStart] != (byte)':'))
        {
            Require(_eventBytes + pending);
            return;
        }

        // Nobody reads a comment, so it is dropped while it arrives and costs no memory however long it is.
        if (!_inComment)
        {
            Join(buffer);
            _inComment = true;
            _commentBytes = 0;
            _firstLine = false;
        }

        _commentBytes += pending;
        _lineStart = _stream.End;
        Require(_commentBytes);
    }

    private void TakeField(byte[] buffer, int start, int length)
    {
        var line = buffer.AsSpan(start, length);
        if (_firstLine)
        {
            _firstLine = false;
            if (line.StartsWith("\uFEFF"u8))
            {
                Require(length);
                start += 3;
                line = line[3..];
                if (line.IsEmpty)
                {
                    return;
                }
            }
        }

        if (line[0] == (byte)':')
        {
            Join(buffer);
            EndComment(line.Length);
            return;
        }

        _eventBytes += length;
        Require(_eventBytes);
        if (++_linesAfterData > MaxLinesKeptAfterData)
        {
            Join(buffer);
        }

        if (SseField.TryMatch(line, "data"u8, out var value))
        {
            AddData(buffer, start + value, line.Length - value);
        }
        else if (SseField.TryMatch(line, "event"u8, out value))
        {
            Require(line.Length - value, MaxNameBytes);
            _type.Set(line[value..]);
            _hasType = true;
        }
        else if (SseField.TryMatch(line, "id"u8, out value))
        {
            Require(line.Length - value, MaxNameBytes);
            if (!line[value..].Contains((byte)0))
            {
                _ownId.Set(line[value..]);
                _hasId = true;
            }
        }
        else if (SseField.TryMatch(line, "retry"u8, out value) && SseField.TryParseRetry(line[value..], out var retryMs))
        {
            RetryMs = _retryMs = retryMs;
        }
    }

    private void AddData(byte[] buffer, int start, int length)
    {
        if (_place == DataPlace.None)
        {
            _place = DataPlace.InBuffer;
            _dataStart = start;
            _dataLength = length;
            _linesAfterData = 0;
            return;
        }

        Join(buffer);
        _joined.Append(Lf);
        _joined.Append(buffer.AsSpan(start, length));
    }

    /// <summary>Moves data that still lies in the stream's buffer to the second one, so that what follows it need not be kept.</summary>
    private void Join(byte[] buffer)
    {
        if (_place == DataPlace.InBuffer)
        {
            _joined.Set(buffer.AsSpan(_dataStart, _dataLength));
            _place = DataPlace.Joined;
        }
    }

    private bool TryDispatch(byte[] buffer, out SseEvent e)
    {
        _firstLine = false;
        if (_place == DataPlace.None && !_hasId && _retryMs is null)
        {
            ForgetEvent();
            e = default;
            return false;
        }

        if (_hasId)
        {
            (_ownId, _lastId) = (_lastId, _ownId);
        }

        var data = _place switch
        {
            DataPlace.InBuffer => new ReadOnlyMemory<byte>(buffer, _dataStart, _dataLength),
            DataPlace.Joined => _joined.Memory,
            _ => default,
        };
        var type = _hasType && _type.Length != 0 ? _type.Memory : s_defaultType;
        e = new SseEvent(type, data, _lastId.Memory, _place != DataPlace.None, _hasId, _retryMs);
        ForgetEvent();
        return true;
    }

    private void ForgetEvent()
    {
        _place = DataPlace.None;
        _hasType = _hasId = false;
        _retryMs = null;
        _eventBytes = 0;
    }

    private void EndComment(long bytes)
    {
        Require(bytes);
        Comments++;
    }

    private void Require(long bytes) => Require(bytes, _maxEventBytes);

    private void Require(long bytes, int limit)
    {
        if (bytes > limit)
        {
            _faultedAt = limit;
            throw new SseLimitException(limit);
        }
    }

    private void MakeRoom(int sizeHint)
    {
        _ = Buffer();
        if (_place != DataPlace.Joined)
        {
            _joined.Clear();
        }

        var shift = _stream.MakeRoom(sizeHint, LiveStart);
        _lineStart -= shift;
        _scanned -= shift;
        _dataStart -= shift;
    }
}
