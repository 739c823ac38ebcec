using System.Buffers;

namespace Mimir.Router.Policies.Audit;

/// <summary>Bytes between records that are no record.</summary>
internal sealed class AuditScrap
{
    private const int Most = 4 * AuditChain.MostLineBytes;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _count;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The file they begin in.</summary>
    public string File { get; private set; } = "";

    /// <summary>The line they begin in, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>How many lines they are, for people.</summary>
    public string Lines => _count == 1 ? "a line" : $"{_count} lines";

    /// <summary>Their digest.</summary>
    public string Digest => AuditChain.DigestOf(_bytes.WrittenSpan.TrimEnd((byte)'\n'));

    /// <summary>Adds a line.</summary>
    public void Add(string file, int number, ReadOnlySpan<byte> line)
    {
        if (_count++ == 0)
        {
            (File, Line) = (file, number);
        }

        if (_bytes.WrittenCount + line.Length < Most)
        {
            _bytes.Write(line);
            _bytes.Write("\n"u8);
        }
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        _count = 0;
        _bytes.ResetWrittenCount();
    }
}
