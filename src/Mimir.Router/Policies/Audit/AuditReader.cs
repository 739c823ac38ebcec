using System.Text;

namespace Mimir.Router.Policies.Audit;

/// <summary>Reads the newest records of a log, and those that come. For one thread at a time.</summary>
/// <param name="path">Full path of the log.</param>
/// <param name="wanted">Which lines are wanted.</param>
public sealed class AuditReader(string path, Func<string, bool> wanted) : IDisposable
{
    private FileStream? _stream;
    private string _begins = "";
    private long _at;

    /// <summary>The newest records that are wanted, oldest first; goes back through the files that were set aside as far as it must.</summary>
    /// <param name="most">How many at most.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public IReadOnlyList<string> ReadNewest(int most)
    {
        // The one that grows first: what is written from here on is new.
        Open();
        var newest = new LinkedList<string>(Newest(_stream, most));
        foreach (var file in AuditNames.Find(path).Where(f => f != path).Reverse())
        {
            if (newest.Count >= most)
            {
                break;
            }

            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            if (Beginning(stream) == _begins)
            {
                // It was set aside since it was opened.
                continue;
            }

            foreach (var line in Newest(stream, most - newest.Count).Reverse())
            {
                newest.AddFirst(line);
            }
        }

        return [.. newest];
    }

    /// <summary>What has come since, as far as it is wanted; follows the log into a new file.</summary>
    public IReadOnlyList<string> ReadNew()
    {
        var lines = new List<string>();
        Take(lines);
        if (_stream is null || IsSetAside())
        {
            // What was written last before it was set aside.
            Take(lines);
            _stream?.Dispose();
            _stream = null;
            Open();
            Take(lines);
        }

        return lines;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();

    private static string Beginning(FileStream stream)
    {
        stream.Position = 0;
        var bytes = new byte[64];
        return Encoding.ASCII.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    private bool IsSetAside()
    {
        try
        {
            using var now = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            return now.Length > 0 && Beginning(now) != _begins;
        }
        catch (FileNotFoundException)
        {
            // Between two names: it is looked at again.
            return false;
        }
    }

    private void Open()
    {
        _at = 0;
        _begins = "";
        if (File.Exists(path))
        {
            _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        }
    }

    private Queue<string> Newest(FileStream? stream, int most)
    {
        var newest = new Queue<string>();
        if (stream is not null)
        {
            Read(stream, 0, line =>
            {
                newest.Enqueue(line);
                if (newest.Count > most)
                {
                    newest.Dequeue();
                }
            });
        }

        return newest;
    }

    private void Take(List<string> lines)
    {
        if (_stream is not null)
        {
            Read(_stream, _at, lines.Add);
        }
    }

    /// <summary>Reads whole lines. Of the file that grows, where it was left is kept.</summary>
    private void Read(FileStream stream, long from, Action<string> take)
    {
        if (stream == _stream && _begins.Length == 0)
        {
            _begins = Beginning(stream);
        }

        stream.Position = from;
        var lines = new AuditLines(stream, long.MaxValue);
        var begins = true;
        while (lines.TryRead(out var line))
        {
            // What is too long for a line is passed over; what is not may be one that is being written.
            if (!lines.IsEnded && line.Length <= AuditChain.MostLineBytes)
            {
                break;
            }

            from += line.Length + (lines.IsEnded ? 1 : 0);
            var isLine = begins && lines.IsEnded;
            begins = lines.IsEnded;
            if (isLine && line.StartsWith(AuditChain.Head) && Encoding.UTF8.GetString(line) is var text && wanted(text))
            {
                take(text);
            }
        }

        if (stream == _stream)
        {
            _at = from;
        }
    }
}
