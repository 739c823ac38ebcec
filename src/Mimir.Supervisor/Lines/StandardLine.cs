using Mimir.Router.Upstreams;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Lines;

/// <summary>
/// This process's own stdin and stdout, for a Mimir that was itself started as a server. They are shared with whoever started
/// us, so their modes are never changed: no call here leaves them non-blocking, and none blocks where it must not.
/// One instance a process. On Linux and macOS.
/// </summary>
public sealed class StandardLine : IByteLine
{
    private readonly StandardInput _input;
    private readonly StandardOutput _output;
    private readonly Wake _wake = new();
    private volatile bool _interrupted;

    internal StandardLine(int input, int output, bool reopen)
    {
        _input = new StandardInput(input, reopen);
        _output = new StandardOutput(output, reopen);
    }

    /// <summary>Takes stdin and stdout of this process, on any system. Nothing else may read or write them from now on.</summary>
    public static IByteLine Open() => OperatingSystem.IsWindows() ? WindowsStandardLine.Open() : new StandardLine(0, 1, reopen: true);

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        while (!_interrupted && _wake.Readable.TryBorrow(out var wake))
        {
            try
            {
                var count = _input.Read(buffer, wake);
                if (count != StandardInput.Again)
                    return _interrupted ? 0 : count;
            }
            finally
            {
                _wake.Readable.Release();
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public int TryWrite(ReadOnlySpan<byte> bytes) => _output.TryWrite(bytes);

    /// <inheritdoc/>
    public void WaitWritable(TimeSpan timeout)
    {
        if (_interrupted || !_wake.Readable.TryBorrow(out var wake))
            return;
        _output.WaitWritable(wake, ChildLine.Milliseconds(timeout));
        _wake.Readable.Release();
    }

    /// <inheritdoc/>
    public void CloseWrite() => _output.Close();

    /// <inheritdoc/>
    public void Interrupt()
    {
        _interrupted = true;
        _wake.Set();
    }

    /// <summary>Interrupts and lets go. The descriptors 0 and 1 themselves stay as they are unless <see cref="CloseWrite"/> was called.</summary>
    public void Dispose()
    {
        Interrupt();
        _wake.Dispose();
        _input.Dispose();
        _output.Dispose();
    }
}
