using System.Text;

namespace Mimir.Wicked.Server;

/// <summary>What the server saw, appended to a file that several processes may share. Every line is one write.</summary>
internal sealed class Journal(string? path)
{
    private readonly Lock _gate = new();

    /// <summary>Notes the start of this process.</summary>
    /// <returns>Which launch it is, from 1; 1 without a file.</returns>
    public int Launch()
    {
        if (path is null) return 1;
        Write($"{{\"event\":\"launch\",\"pid\":{Json.Digits(Environment.ProcessId)}}}");
        return File.ReadLines(path).Count(line => line.StartsWith("{\"event\":\"launch\"", StringComparison.Ordinal));
    }

    /// <summary>Notes a message.</summary>
    public void In(Frame frame)
    {
        if (path is not null) Write($"{{\"event\":\"in\",\"frame\":{frame.Root.GetRawText()}}}");
    }

    /// <summary>Notes an HTTP request and how it was met.</summary>
    public void Http(string method, string target, int status, IReadOnlyDictionary<string, string> headers)
    {
        if (path is null) return;
        var fields = string.Join(',', headers.Select(h => Json.Text(h.Key) + ":" + Json.Text(h.Value)));
        Write($"{{\"event\":\"http\",\"method\":{Json.Text(method)},\"target\":{Json.Text(target)},"
            + $"\"status\":{Json.Digits(status)},\"headers\":{{{fields}}}}}");
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            // Appending is a seek and a write, and several processes of a server share the file.
            using var turn = Turn();
            using var file = new FileStream(path!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
            file.Write(Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + "\n"));
        }
    }

    private FileStream Turn()
    {
        for (var begun = Environment.TickCount64; ;)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
            }
            catch (IOException) when (Environment.TickCount64 - begun < 10_000)
            {
                Thread.Sleep(1);
            }
        }
    }
}
