namespace Mimir.Supervisor.Lines;

/// <summary>
/// A child's stdin and stdout as streams that can be canceled, for a system whose pipes cannot be polled (Windows). One block of what is
/// written is kept here until the pipe has taken it.
/// </summary>
internal sealed class StreamLine : IChildLine
{
    private const int BlockBytes = 64 * 1024;
    private const int Open = 0, Draining = 1, Interrupted = 2;

    private readonly Lock _gate = new();
    private readonly Stream _write;
    private readonly Stream _read;
    private readonly byte[] _incoming = new byte[BlockBytes];
    private readonly byte[] _outgoing = new byte[BlockBytes];
    private readonly CancellationTokenSource _news = new();
    private readonly CancellationTokenSource _end = new();
    private Task _writing = Task.CompletedTask;
    private bool _closed;
    private int _state;

    /// <summary>Takes over both.</summary>
    internal StreamLine(Stream write, Stream read) => (_write, _read) = (write, read);

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state == Interrupted)
                return 0;
            try
            {
                var count = ReadBlock(Math.Min(buffer.Length, BlockBytes), state);
                _incoming.AsSpan(0, count).CopyTo(buffer);
                if (count == 0)
                    Volatile.Write(ref _state, Interrupted);
                return count;
            }
            catch (OperationCanceledException) when (state == Open)
            {
                // The state has changed, and says how to go on.
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Drained, or nobody is at the other end.
                Volatile.Write(ref _state, Interrupted);
                return 0;
            }
        }
    }

    /// <inheritdoc/>
    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_closed)
                throw new IOException("The stdin of the process is closed.");
            if (!_writing.IsCompleted)
                return 0;
            if (_writing.Exception?.InnerException is { } failure)
                throw new IOException($"The process does not read its stdin any more: {failure.Message}", failure);
            var count = Math.Min(bytes.Length, BlockBytes);
            bytes[..count].CopyTo(_outgoing);
            _writing = _write.WriteAsync(_outgoing, 0, count, CancellationToken.None);
            return count;
        }
    }

    /// <inheritdoc/>
    public void WaitWritable(TimeSpan timeout)
    {
        Task writing;
        lock (_gate)
            writing = _writing;
        try
        {
            writing.Wait(ChildLine.Milliseconds(timeout), _end.Token);
        }
        catch (Exception e) when (e is AggregateException or OperationCanceledException)
        {
            // The next write says what is wrong.
        }
    }

    /// <summary>What has been taken is still handed over, as it is where the pipe itself holds it; then the stream ends.</summary>
    public void CloseWrite()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            _ = _writing.ContinueWith(_ => _write.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <inheritdoc/>
    public void Interrupt()
    {
        Volatile.Write(ref _state, Interrupted);
        _end.Cancel();
        _news.Cancel();
    }

    /// <inheritdoc/>
    public void EndWhenDrained()
    {
        if (Interlocked.CompareExchange(ref _state, Draining, Open) == Open)
            _news.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interrupt();
        CloseWrite();
        _write.Dispose();
        _read.Dispose();
    }

    /// <summary>Blocks until something is there. When the line is only to be drained it takes what is there in this moment, and is canceled otherwise.</summary>
    private int ReadBlock(int most, int state)
    {
        if (state == Open)
            return Finish(_read.ReadAsync(_incoming.AsMemory(0, most), _news.Token));

        // Canceling leaves no doubt: either the read had taken bytes before, which it then yields, or there were none.
        using var now = new CancellationTokenSource();
        var read = _read.ReadAsync(_incoming.AsMemory(0, most), now.Token);
        if (!read.IsCompleted)
            now.Cancel();
        return Finish(read);
    }

    /// <summary>The thread that reads is one of its own: it blocks nobody else.</summary>
    private static int Finish(ValueTask<int> read) => read.IsCompleted ? read.GetAwaiter().GetResult() : read.AsTask().GetAwaiter().GetResult();
}
