using System.Text;

namespace Mimir.Supervisor.Logs;

/// <summary>Cuts what one process writes to stderr into lines of its server's log, a line at 4 KiB. For one thread at a time.</summary>
internal sealed class LogScribe(ServerLog log, int processId)
{
    private const int MostLineBytes = 4 * 1024;

    private byte[] _partial = [];
    private int _length;
    private bool _skipping;

    /// <summary>Adds what came.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (log.IsFull)
            {
                // A flood costs one look at its bytes and no more.
                log.Drop(bytes.Count((byte)'\n'));
                _length = 0;
                _skipping = bytes[^1] != '\n';
                return;
            }

            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            if (end >= 0 && _length == 0 && !_skipping && part.Length <= MostLineBytes)
                Put(part);
            else
                Gather(part, end >= 0);
        }
    }

    /// <summary>Says something of the process, in Mimir's own name.</summary>
    internal void Note(string text) => log.Add(processId, isNote: true, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds what it left unfinished.</summary>
    internal void End()
    {
        if (_length > 0)
            Put(_partial.AsSpan(0, _length));
        _length = 0;
    }

    private void Gather(ReadOnlySpan<byte> part, bool ends)
    {
        if (!_skipping)
        {
            if (_partial.Length == 0)
                _partial = new byte[MostLineBytes];
            var taken = Math.Min(part.Length, MostLineBytes - _length);
            part[..taken].CopyTo(_partial.AsSpan(_length));
            _length += taken;
            if (ends || taken < part.Length)
            {
                Put(_partial.AsSpan(0, _length));
                _length = 0;
                _skipping = !ends;
                return;
            }
        }

        _skipping &= !ends;
    }

    private void Put(ReadOnlySpan<byte> line) => log.Add(processId, isNote: false, line.TrimEnd((byte)'\r'));
}
