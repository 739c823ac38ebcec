namespace Mimir.Http.Streams;

/// <summary>The events of a stream in the order of their numbers, and the place up to which they were read. Not thread-safe.</summary>
/// <param name="memory">Where its memory comes from and goes to.</param>
internal sealed class EventChain(EventBudget memory)
{
    private EventBudget _memory = memory;
    private EventBlock? _first;
    private EventBlock? _last;
    private Mark _next;

    /// <summary>True when it has no event.</summary>
    public bool IsEmpty => _first is null;

    /// <summary>The place of the next event to be read; may be behind the last.</summary>
    public Mark Next
    {
        get => _next;
        set => _next = value;
    }

    /// <summary>Takes its memory from elsewhere from now on.</summary>
    public void Move(EventBudget memory) => _memory = memory;

    /// <summary>Puts an event behind the last.</summary>
    public void Put(long number, ReadOnlySpan<byte> bytes, bool isNews)
    {
        if (_last is null || !_last.Fits(bytes.Length))
        {
            var block = _memory.Rent(bytes.Length);
            if (_last is null)
            {
                _first = block;
                _next = new Mark(block, 0);
            }
            else
            {
                _last.Next = block;
            }

            _last = block;
        }

        _last.Put(number, bytes, isNews);
    }

    /// <summary>Reads the first event.</summary>
    public bool TryFirst(out KeptEvent first)
    {
        first = _first is null ? default : _first.At(_first.Start);
        return _first is not null;
    }

    /// <summary>Reads the next event and stays before it.</summary>
    public bool TryPeek(out KeptEvent next)
    {
        while (_next.Block is { Next: { } behind } block && _next.Offset == block.End)
        {
            _next = new Mark(behind, behind.Start);
        }

        var isThere = _next.Block is not null && _next.Offset < _next.Block.End;
        next = isThere ? _next.Block!.At(_next.Offset) : default;
        return isThere;
    }

    /// <summary>Goes behind the event that was peeked at.</summary>
    public void Skip(in KeptEvent next) => _next = _next with { Offset = _next.Offset + next.Cost };

    /// <summary>Goes back to the first.</summary>
    public void Rewind() => _next = new Mark(_first, _first?.Start ?? 0);

    /// <summary>Takes the first event away.</summary>
    public void RemoveFirst()
    {
        _first!.RemoveFirst();
        if (ReferenceEquals(_next.Block, _first) && _next.Offset < _first.Start)
        {
            Rewind();
        }

        Tidy();
    }

    /// <summary>Takes everything from a place on away.</summary>
    public void CutFrom(Mark mark)
    {
        for (var block = mark.Block?.Next; block is not null;)
        {
            (var gone, block) = (block, block.Next);
            _memory.Return(gone);
        }

        _last = mark.Block;
        _last?.Cut(mark.Offset);
        _next = mark;
        Tidy();
    }

    private void Tidy()
    {
        while (_first is { IsEmpty: true } gone)
        {
            var wasNext = ReferenceEquals(_next.Block, gone);
            _first = gone.Next;
            if (wasNext)
            {
                Rewind();
            }

            _memory.Return(gone);
        }

        if (_first is null)
        {
            _last = null;
        }
    }

    /// <summary>A place in it.</summary>
    internal readonly record struct Mark(EventBlock? Block, int Offset);
}
