using System.Text;

namespace Mimir.Eras.Server;

/// <summary>
/// What happened, as lines that are only ever added. With a file, several processes of one server remember the same, and hear of it,
/// as those of a real server share a database: whoever starts more than one of them is not found out by it.
/// </summary>
internal sealed class Memory : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly string? _file;
    private readonly Timer? _timer;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _read;

    public Memory(string? file)
    {
        _file = file;
        if (file is null) return;
        Catch();
        _timer = new Timer(_ => Catch(), null, s_interval, s_interval);
    }

    /// <summary>Called with each line that is added after the start.</summary>
    public Action<string>? Noted { get; set; }

    /// <summary>The lines so far.</summary>
    public string[] Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    /// <summary>Adds a line.</summary>
    public void Note(string line)
    {
        if (_file is null)
        {
            Take([line]);
            return;
        }

        using (var stream = new FileStream(_file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
            stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
        Catch();
    }

    /// <summary>Whether a line was added.</summary>
    public bool Has(string line)
    {
        lock (_gate) return _lines.Contains(line);
    }

    /// <summary>Waits until a line has been added so many times, or the time is over.</summary>
    /// <returns>How many times it has been.</returns>
    public async Task<int> CountAsync(string line, int atLeast, TimeSpan patience)
    {
        if (_file is not null)
        {
            // What another process noted before the asker asked counts.
            Catch();
        }

        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            Task grown;
            int count;
            lock (_gate) (grown, count) = (_grown.Task, _lines.Count(l => l == line));
            if (count >= atLeast) return count;
            try
            {
                await grown.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return count;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Catch()
    {
        string[] lines;
        lock (_gate)
        {
            if (!File.Exists(_file)) return;
            using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (stream.Length == _read) return;
            stream.Position = _read;
            var bytes = new byte[stream.Length - _read];
            stream.ReadExactly(bytes);
            var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
            _read += whole;
            lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }

        Take(lines);
    }

    private void Take(string[] lines)
    {
        TaskCompletionSource grown;
        lock (_gate)
        {
            _lines.AddRange(lines);
            (grown, _grown) = (_grown, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        foreach (var line in lines) Noted?.Invoke(line);
        grown.TrySetResult();
    }
}
