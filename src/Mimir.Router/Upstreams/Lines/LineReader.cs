using Mimir.Protocol.Framing;

namespace Mimir.Router.Upstreams.Lines;

/// <summary>
/// The reading side of an <see cref="IByteLine"/>: a thread of its own that cuts lines and hands them on, all of one read in one
/// <see cref="FlushBatch"/>.
/// </summary>
public sealed class LineReader
{
    private readonly IByteLine _line;
    private readonly LineFramer _framer;
    private readonly FrameHandler _handler;
    private readonly Action<bool> _ended;

    /// <summary>Creates one; <see cref="Start"/> or <see cref="Run"/> sets it going.</summary>
    /// <param name="line">Where bytes come from. Not owned.</param>
    /// <param name="maxLine">Longest line.</param>
    /// <param name="handler">Takes each line that is not blank. Its exceptions end the line.</param>
    /// <param name="ended">Called once at the end; true when a line was too long.</param>
    public LineReader(IByteLine line, int maxLine, FrameHandler handler, Action<bool> ended)
    {
        _line = line;
        _framer = new LineFramer(maxLine);
        _handler = handler;
        _ended = ended;
    }

    /// <summary>Called before each read; may wait, which holds the peer back. Null for none.</summary>
    public Action? BeforeRead { get; init; }

    /// <summary>Reads on a new background thread.</summary>
    public void Start(string name) => new Thread(Run, 256 * 1024) { IsBackground = true, Name = name }.Start();

    /// <summary>Reads on this thread until the end.</summary>
    public void Run()
    {
        try
        {
            while (true)
            {
                BeforeRead?.Invoke();
                var count = _line.Read(_framer.GetFree());
                if (count == 0)
                {
                    break;
                }

                _framer.Advance(count);
                FlushBatch.Begin();
                try
                {
                    while (_framer.TryRead(out var frame))
                    {
                        if (frame.ContainsAnyExcept((byte)' ', (byte)'\t'))
                        {
                            _handler(frame);
                        }
                    }
                }
                finally
                {
                    FlushBatch.End();
                }

                if (_framer.Overflowed)
                {
                    break;
                }
            }
        }
        finally
        {
            var overflowed = _framer.Overflowed;
            _framer.Dispose();
            _ended(overflowed);
        }
    }
}
