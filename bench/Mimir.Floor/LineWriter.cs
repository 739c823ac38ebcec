using Mimir.Epoll;

namespace Mimir.Floor;

/// <summary>Writes lines of many threads to one pipe. Whoever comes while another writes leaves its line to that one, so that lines go out together.</summary>
internal sealed class LineWriter(Descriptor target)
{
    private readonly Lock _gate = new();
    private ByteBuffer _filling = new(1 << 16);
    private ByteBuffer _writing = new(1 << 16);
    private bool _busy;

    /// <summary>Writes a line of three pieces and its end.</summary>
    public void Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> tail)
    {
        lock (_gate)
        {
            _filling.Add(head);
            _filling.Add(middle);
            _filling.Add(tail);
            _filling.Add("\n"u8);
            if (_busy)
            {
                return;
            }

            _busy = true;
        }

        while (true)
        {
            lock (_gate)
            {
                if (_filling.Length == 0)
                {
                    _busy = false;
                    return;
                }

                (_filling, _writing) = (_writing, _filling);
            }

            target.WriteAll(_writing.Span);
            _writing.Clear();
        }
    }
}
