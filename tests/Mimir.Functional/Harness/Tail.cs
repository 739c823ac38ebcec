using System.Diagnostics;

namespace Mimir.Functional.Harness;

/// <summary>The last words of a process on stderr, read so that it never blocks.</summary>
internal sealed class Tail
{
    private readonly Queue<string> _lines = [];

    public Tail(Process process)
    {
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is null) return;
            lock (_lines)
            {
                _lines.Enqueue(e.Data);
                if (_lines.Count > 60) _lines.Dequeue();
            }
        };
        process.BeginErrorReadLine();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lines) return string.Join('\n', _lines);
    }
}
