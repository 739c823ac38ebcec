using System.Buffers;

namespace Mimir.Http.Streams;

/// <summary>
/// What all the streams of one client may keep together, for each of its calls may have a stream and streams are kept after their end.
/// </summary>
/// <remarks>
/// When full, events that were sent go first, those of the stream that was quiet longest before others; then the stream with the most
/// news waiting loses them to one with fewer, so that a stream nobody reads does not silence the others. Everything but the
/// constructor is used under <see cref="Gate"/> only.
/// </remarks>
/// <param name="maxBytes">Most bytes kept, with what keeping them costs.</param>
internal sealed class EventBudget(int maxBytes)
{
    private const int LargestScratch = 64 * 1024;
    private const int MostSpare = 256;
    private readonly List<EventLog> _keeping = [];
    private readonly Stack<EventBlock> _spare = [];
    private ArrayBufferWriter<byte> _scratch = new(256);
    private long _turn;

    /// <summary>The lock of all the streams. Nothing is called under it that takes another.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of these that wait and are no news: answers and questions, which are taken whatever there is, and leave the room of the others alone.</summary>
    public long Owed { get; private set; }

    /// <summary>True when as much is kept as may be.</summary>
    public bool IsFull => Bytes >= maxBytes;

    /// <summary>A number that grows from call to call.</summary>
    public long NextTurn() => ++_turn;

    /// <summary>An empty buffer to write one event into. Valid until the next call.</summary>
    public ArrayBufferWriter<byte> Scratch()
    {
        if (_scratch.Capacity > LargestScratch)
        {
            _scratch = new ArrayBufferWriter<byte>(256);
        }

        _scratch.ResetWrittenCount();
        return _scratch;
    }

    /// <summary>Gives memory for an event of so many bytes, and for others behind it if it is small.</summary>
    public EventBlock Rent(int length) =>
        EventBlock.HeadSize + length > EventBlock.UsualSize ? new EventBlock(EventBlock.HeadSize + length)
        : _spare.TryPop(out var spare) ? spare
        : new EventBlock(EventBlock.UsualSize);

    /// <summary>Takes memory back.</summary>
    public void Return(EventBlock block)
    {
        if (block.IsUsual && _spare.Count < MostSpare)
        {
            block.Clear();
            _spare.Push(block);
        }
    }

    /// <summary>Counts what a stream keeps more, or less.</summary>
    public void Count(long bytes) => Bytes += bytes;

    /// <summary>Counts what waits and is no news.</summary>
    public void Owe(long bytes) => Owed += bytes;

    /// <summary>Notes that a stream keeps something now.</summary>
    public void Begin(EventLog log) => _keeping.Add(log);

    /// <summary>Notes that a stream keeps nothing any more.</summary>
    public void End(EventLog log) => _keeping.Remove(log);

    /// <summary>Makes room.</summary>
    /// <param name="asking">The stream that is to keep more.</param>
    /// <param name="more">Bytes.</param>
    /// <param name="takesNews">Whether news that wait elsewhere may be dropped for it.</param>
    /// <returns>False when there is not enough.</returns>
    public bool MakeRoom(EventLog asking, int more, bool takesNews)
    {
        ForgetSent(more, null);
        if (takesNews && Lacking(more) > 0 && Fullest() is { } fullest && fullest.NewsBytes > asking.NewsBytes + more)
        {
            fullest.DropNews();
        }

        return Lacking(more) <= 0;
    }

    /// <summary>Makes room for what a stream has just sent, which is the last to be forgotten however large it is.</summary>
    public void Settle(EventLog sender) => ForgetSent(0, sender);

    private void ForgetSent(int more, EventLog? spared)
    {
        while (Lacking(more) is > 0 and var lacking && Quietest(spared) is { } quietest)
        {
            quietest.ForgetSent(lacking);
        }
    }

    private long Lacking(int more) => Bytes - Owed + more - maxBytes;

    private EventLog? Quietest(EventLog? spared)
    {
        EventLog? quietest = null;
        foreach (var log in _keeping)
        {
            if (log != spared && log.HasSent && (quietest is null || log.LastTurn < quietest.LastTurn))
            {
                quietest = log;
            }
        }

        return quietest;
    }

    private EventLog? Fullest()
    {
        EventLog? fullest = null;
        foreach (var log in _keeping)
        {
            if (fullest is null || log.NewsBytes > fullest.NewsBytes)
            {
                fullest = log;
            }
        }

        return fullest;
    }
}
