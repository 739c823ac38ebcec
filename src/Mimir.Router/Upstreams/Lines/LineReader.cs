using Mimir.Protocol.Framing;

namespace Mimir.Router.Upstreams.Lines;

/// <summary>
/// The reading side of an <see cref="IByteLine"/>: a thread of its own that cuts lines and hands them on, all of one read in one
/// <see cref="FlushBatch"/>.
/// </summary>
public sealed class LineReader
{
    private readonly IByteLine _line;
    private readonly int _maxLine;
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
        _maxLine = maxLine;
        _handler = handler;
        _ended = ended;
    }

    /// <summary>Called before each read; may wait, which holds the peer back. Null for none.</summary>
    public Action? BeforeRead { get; init; }

    /// <summary>Called for each line that is too long, which is left out; null ends the reading instead.</summary>
    public Action? SkipLong { get; init; }

    /// <summary>Reads on a new background thread.</summary>
    public void Start(string name) => new Thread(RunAlone, 256 * 1024) { IsBackground = true, Name = name }.Start();

    /// <summary>Reads on this thread until the end.</summary>
    public void Run()
    {
        using var framer = new LineFramer(_maxLine) { SkipLong = SkipLong };
        try
        {
            while (true)
            {
                BeforeRead?.Invoke();
                var count = _line.Read(framer.GetFree());
                if (count == 0)
                {
                    break;
                }

                framer.Advance(count);
                FlushBatch.Begin();
                try
                {
                    while (framer.TryRead(out var frame))
                    {
                        if (!IsBlank(frame))
                        {
                            _handler(frame);
                        }
                    }
                }
                finally
                {
                    FlushBatch.End();
                }

                if (framer.Overflowed)
                {
                    break;
                }
            }
        }
        finally
        {
            _ended(framer.Overflowed);
        }
    }

    private void RunAlone()
    {
        try
        {
            Run();
        }
        catch (Exception)
        {
            // The line has ended and its owner was told. A fault in handling one peer must not end the program for all others.
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> frame)
    {
        foreach (var b in frame)
        {
            if (b is not ((byte)' ' or (byte)'\t'))
            {
                return false;
            }
        }

        return true;
    }
}
