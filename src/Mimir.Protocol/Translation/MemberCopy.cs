using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>
/// Copies an object without some of its members and with new ones, in stretches as long as they can be: what stands between two
/// members that stay is copied with them.
/// </summary>
/// <remarks>The target must hold the frame and all that is added, and two bytes for each addition.</remarks>
internal ref struct MemberCopy(ReadOnlySpan<byte> frame, Span<byte> target)
{
    private readonly ReadOnlySpan<byte> _frame = frame;
    private readonly Span<byte> _target = target;
    private int _stretchAt;
    private int _stretchEnd;
    private bool _hasMembers;
    private (int Written, bool HasMembers) _outside;

    /// <summary>Bytes written.</summary>
    public int Written { get; private set; }

    /// <summary>Writes bytes as they are.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[Written..]);
        Written += bytes.Length;
    }

    /// <summary>A member stays.</summary>
    /// <param name="start">The quote before its name.</param>
    /// <param name="end">The place behind its value.</param>
    public void Keep(int start, int end)
    {
        if (_stretchEnd == 0)
        {
            _stretchAt = start;
        }

        _stretchEnd = end;
    }

    /// <summary>What stays ends here: a member that is left out comes, or the end of the object.</summary>
    public void Cut()
    {
        if (_stretchEnd != 0)
        {
            Comma();
            Raw(_frame[_stretchAt.._stretchEnd]);
            _stretchEnd = 0;
        }
    }

    /// <summary>Adds a member.</summary>
    /// <param name="name">Its name with quotes and colon.</param>
    /// <param name="value">Its value.</param>
    /// <param name="quote">A quote to be written around the value, or nothing.</param>
    public void Add(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, scoped ReadOnlySpan<byte> quote = default)
    {
        Cut();
        Comma();
        Raw(name);
        Raw(quote);
        Raw(value);
        Raw(quote);
    }

    /// <summary>Goes into a member that is an object. One level only.</summary>
    /// <param name="header">The member up to the brace that opens it.</param>
    public void Open(scoped ReadOnlySpan<byte> header)
    {
        Cut();
        _outside = (Written, _hasMembers);
        Comma();
        Raw(header);
        _hasMembers = false;
    }

    /// <summary>Ends what <see cref="Open"/> began.</summary>
    /// <param name="orUndo">When nothing stands in it, the whole member is taken back.</param>
    public void Close(bool orUndo)
    {
        Cut();
        if (orUndo && !_hasMembers)
        {
            (Written, _hasMembers) = _outside;
            return;
        }

        Raw("}"u8);
        _hasMembers = true;
    }

    private void Comma()
    {
        if (_hasMembers)
        {
            _target[Written++] = (byte)',';
        }

        _hasMembers = true;
    }
}
