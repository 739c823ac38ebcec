using System.Text;

namespace Mimir.Cli.Terminal;

/// <summary>
/// Lines of a stream whose reads cannot be cancelled, as those of a terminal: one background thread reads, started at the first
/// question, and whoever stops waiting leaves the read to the next caller.
/// </summary>
/// <remarks>For one caller at a time. The thread ends with the stream or with the process.</remarks>
internal sealed class StreamLines(Stream stream) : ILineSource
{
    private readonly Lock _gate = new();
    private StreamReader? _reader;
    private Task<string?>? _pending;

    /// <inheritdoc/>
    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<string?> read;
        lock (_gate)
        {
            read = _pending ??= Task.Factory.StartNew(ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        try
        {
            return await read.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (read.IsCompleted && ReferenceEquals(_pending, read))
                {
                    _pending = null;
                }
            }
        }
    }

    private string? ReadLine()
    {
        _reader ??= new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: false);
        var line = new StringBuilder();
        while (true)
        {
            var c = _reader.Read();
            if (c < 0)
            {
                return line.Length == 0 ? null : line.ToString();
            }

            if (c == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            if (line.Length == ILineSource.MaxLength)
            {
                throw new InvalidDataException($"A line of input is longer than {ILineSource.MaxLength} characters.");
            }

            line.Append((char)c);
        }
    }
}
