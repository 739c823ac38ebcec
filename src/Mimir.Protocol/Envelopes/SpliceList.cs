using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mimir.Protocol.Envelopes;

/// <summary>
/// Replacements to be made in a frame while it is copied: our id for the caller's, the upstream's name for ours. All other bytes
/// are copied as they are.
/// </summary>
/// <remarks>
/// At most <see cref="Capacity"/> replacements, in any order, not overlapping. The replacing bytes must live until the copy is made.
/// A value on the stack; not thread-safe; allocates nothing.
/// </remarks>
public ref struct SpliceList
{
    /// <summary>Most replacements in one frame.</summary>
    public const int Capacity = 6;

    private Ranges _ranges;
    private ReadOnlySpan<byte> _with0;
    private ReadOnlySpan<byte> _with1;
    private ReadOnlySpan<byte> _with2;
    private ReadOnlySpan<byte> _with3;
    private ReadOnlySpan<byte> _with4;
    private ReadOnlySpan<byte> _with5;
    private int _count;
    private int _delta;

    /// <summary>Replaces a part of the frame.</summary>
    /// <param name="range">What goes; a length of 0 inserts.</param>
    /// <param name="with">What comes.</param>
    /// <exception cref="InvalidOperationException">More than <see cref="Capacity"/> replacements.</exception>
    public void Replace(ByteRange range, ReadOnlySpan<byte> with)
    {
        if (_count == Capacity)
        {
            throw new InvalidOperationException("Too many replacements in one frame.");
        }

        // Kept sorted by insertion: there are rarely more than three.
        var i = _count++;
        while (i > 0 && _ranges.At(i - 1).At > range.At)
        {
            _ranges.At(i) = _ranges.At(i - 1);
            Set(i, Get(i - 1));
            i--;
        }

        _ranges.At(i) = range;
        Set(i, with);
        _delta += with.Length - range.Length;
    }

    /// <summary>Bytes the frame will have.</summary>
    public readonly int LengthOf(ReadOnlySpan<byte> frame) => frame.Length + _delta;

    /// <summary>Copies the frame with its replacements.</summary>
    /// <param name="frame">The frame the ranges belong to.</param>
    /// <param name="target">At least <see cref="LengthOf"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public readonly int CopyTo(ReadOnlySpan<byte> frame, Span<byte> target)
    {
        var from = 0;
        var to = 0;
        for (var i = 0; i < _count; i++)
        {
            var range = Unsafe.AsRef(in _ranges).At(i);
            var keep = frame[from..range.At];
            keep.CopyTo(target[to..]);
            to += keep.Length;
            var with = Get(i);
            with.CopyTo(target[to..]);
            to += with.Length;
            from = range.End;
        }

        var rest = frame[from..];
        rest.CopyTo(target[to..]);
        return to + rest.Length;
    }

    /// <summary>The frame with its replacements, as an array of its own.</summary>
    public readonly byte[] Apply(ReadOnlySpan<byte> frame)
    {
        var copy = new byte[LengthOf(frame)];
        CopyTo(frame, copy);
        return copy;
    }

    /// <summary>Copies the frame with its replacements into a writer.</summary>
    public readonly void WriteTo(IBufferWriter<byte> writer, ReadOnlySpan<byte> frame)
    {
        var length = LengthOf(frame);
        writer.Advance(CopyTo(frame, writer.GetSpan(length)));
    }

    private readonly ReadOnlySpan<byte> Get(int i) => i switch
    {
        0 => _with0,
        1 => _with1,
        2 => _with2,
        3 => _with3,
        4 => _with4,
        _ => _with5,
    };

    private void Set(int i, ReadOnlySpan<byte> value)
    {
        switch (i)
        {
            case 0: _with0 = value; break;
            case 1: _with1 = value; break;
            case 2: _with2 = value; break;
            case 3: _with3 = value; break;
            case 4: _with4 = value; break;
            default: _with5 = value; break;
        }
    }

    [InlineArray(Capacity)]
    private struct Ranges
    {
        private ByteRange _first;

        /// <summary>Not the indexer, whose generic code would be compiled while the first message waits. The list bounds the index.</summary>
        [UnscopedRef]
        public ref ByteRange At(int index) => ref Unsafe.Add(ref _first, index);
    }
}
