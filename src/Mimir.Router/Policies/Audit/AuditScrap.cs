namespace Mimir.Router.Policies.Audit;

/// <summary>Bytes between records that are no record.</summary>
internal sealed class AuditScrap : IDisposable
{
    private readonly AuditDigest _digest = new();
    private int _count;
    private bool _isOpen;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The file they begin in.</summary>
    public string File { get; private set; } = "";

    /// <summary>The line they begin in, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>How many lines they are, for people.</summary>
    public string Lines => _count == 1 ? "a line" : $"{_count} lines";

    /// <summary>Their digest.</summary>
    public string Digest => _digest.Value;

    /// <summary>Adds a line, or a part of one.</summary>
    public void Add(string file, int number, ReadOnlySpan<byte> line, bool isEnded)
    {
        if (_count == 0)
        {
            (File, Line) = (file, number);
        }

        _count += _isOpen ? 0 : 1;
        _isOpen = !isEnded;
        _digest.Add(line);
        if (isEnded)
        {
            _digest.Add("\n"u8);
        }
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        (_count, _isOpen) = (0, false);
        _digest.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _digest.Dispose();
}
