using System.Buffers;
using System.Globalization;
using System.Text;
using Mimir.Supervisor.Registry;

namespace Mimir.Supervisor.Logs;

/// <summary>
/// The log of one server, whichever of its processes writes. Lines wait in memory (64 KiB at most) for the one who writes files; what
/// finds no room is dropped and counted, so that nobody ever waits for a disk. Thread-safe.
/// </summary>
/// <param name="folder">Its folder; made with the first line.</param>
/// <param name="clock">Tells when a line came.</param>
/// <param name="wake">Called when there is something to write; must be quick.</param>
internal sealed class ServerLog(string folder, TimeProvider clock, Action wake)
{
    /// <summary>What may wait.</summary>
    internal const int MostWaiting = 64 * 1024;

    private const int HeadBytes = 64;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _waiting = new();
    private long _dropped;
    private FileStream? _file;
    private int _number;

    /// <summary>Whether a line that comes now is dropped, whatever it holds.</summary>
    internal bool IsFull
    {
        get
        {
            lock (_gate)
                return _waiting.WrittenCount > MostWaiting - HeadBytes;
        }
    }

    /// <summary>Adds a line.</summary>
    internal void Add(int processId, bool isNote, ReadOnlySpan<byte> text)
    {
        bool first;
        lock (_gate)
        {
            first = _waiting.WrittenCount == 0 && _dropped == 0;
            if (_waiting.WrittenCount + text.Length + HeadBytes > MostWaiting)
            {
                _dropped++;
            }
            else
            {
                _waiting.Advance(LogLine.WriteHead(_waiting.GetSpan(HeadBytes), clock.GetUtcNow(), processId, isNote));
                _waiting.Write(text);
                _waiting.Write("\n"u8);
            }
        }

        if (first)
            wake();
    }

    /// <summary>Counts lines that were dropped before they were looked at.</summary>
    internal void Drop(long lines)
    {
        lock (_gate)
            _dropped += lines;
        wake();
    }

    /// <summary>Writes what waits. One caller at a time.</summary>
    /// <returns>Whether anything did.</returns>
    /// <exception cref="IOException">It cannot be written, and is lost.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written, and is lost.</exception>
    internal bool Flush()
    {
        ArrayBufferWriter<byte> batch;
        lock (_gate)
        {
            if (_waiting.WrittenCount == 0 && _dropped == 0)
                return false;
            if (_dropped > 0)
                NoteDropped();
            batch = _waiting;
            _waiting = new ArrayBufferWriter<byte>();
            _dropped = 0;
        }

        if (_file is null || _file.Length + batch.WrittenCount > LogFiles.MostBytes)
            Next();
        _file!.Write(batch.WrittenSpan);
        return true;
    }

    /// <summary>Closes the file. Nothing is written afterwards.</summary>
    internal void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private void NoteDropped()
    {
        _waiting.Advance(LogLine.WriteHead(_waiting.GetSpan(HeadBytes), clock.GetUtcNow(), 0, isNote: true));
        _waiting.Write(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{_dropped} lines were dropped here: they came faster than they are kept\n")));
    }

    private void Next()
    {
        Close();
        StateFolder.MakePrivate(folder);
        _file = PrivateFile.Open(
            LogFiles.File(folder, ++_number), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (!_file.CanSeek)
        {
            Close();
            throw new IOException($"{LogFiles.File(folder, _number)} is not a file");
        }

        if (_number > 2)
            PrivateFile.TryDelete(LogFiles.File(folder, _number - 2));
    }
}
