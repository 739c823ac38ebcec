using System.Diagnostics;

namespace Mimir.Functional.Harness;

/// <summary>
/// The last words of a process on stderr, read so that it never blocks. Not by <see cref="Process.BeginErrorReadLine"/>, with which
/// waiting for the exit means to wait for every grandchild that holds stderr open.
/// </summary>
internal sealed class Tail
{
    private readonly Queue<string> _lines = [];

    public Tail(Process process) => Ended = ReadAsync(process.StandardError);

    /// <summary>Called with each line, on the reading side.</summary>
    public Action<string>? OnLine { get; set; }

    /// <summary>Ends when stderr has.</summary>
    public Task Ended { get; }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lines) return string.Join('\n', _lines);
    }

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                OnLine?.Invoke(line);
                lock (_lines)
                {
                    _lines.Enqueue(line);
                    if (_lines.Count > 60) _lines.Dequeue();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
