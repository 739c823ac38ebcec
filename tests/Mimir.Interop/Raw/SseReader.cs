namespace Mimir.Interop.Raw;

/// <summary>Reads events of a stream, one at a time. Written for tests: it wants what servers of today send, and no more.</summary>
public sealed class SseReader(Stream stream) : IDisposable
{
    private readonly StreamReader _lines = new(stream);

    /// <summary>The next event with data, or null at the end.</summary>
    public async Task<(string Name, string Data)?> NextAsync(CancellationToken cancellationToken)
    {
        string name = "message";
        var data = new List<string>();
        while (await _lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                string all = string.Join('\n', data);
                if (all.Length > 0)
                {
                    return (name, all);
                }

                name = "message";
                data.Clear();
            }
            else if (Field(line, "event") is { } value)
            {
                name = value;
            }
            else if (Field(line, "data") is { } text)
            {
                data.Add(text);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private static string? Field(string line, string name) =>
        line.StartsWith(name + ":", StringComparison.Ordinal) ? line[(name.Length + 1)..].TrimStart(' ') : null;
}
