using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Mimir.Supervisor.Logs;

/// <summary>One line of a server's log.</summary>
/// <param name="Time">When it came, UTC, to the millisecond.</param>
/// <param name="ProcessId">The process it is of; 0 when it is of none.</param>
/// <param name="IsNote">Whether Mimir says it of the process, rather than the process itself on stderr.</param>
/// <param name="Text">The line without its end, at most 4 KiB; as the server wrote it, so not fit for a terminal.</param>
public readonly record struct LogLine(DateTimeOffset Time, int ProcessId, bool IsNote, string Text)
{
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly int TimeLength = "2026-01-01T00:00:00.000Z".Length;

    /// <summary>What stands before the text in a file: <c>TIME PROCESS err </c>, or <c>mimir</c> for a note.</summary>
    internal static int WriteHead(Span<byte> to, DateTimeOffset time, int processId, bool isNote)
    {
        time.TryFormat(to, out var length, TimeFormat, CultureInfo.InvariantCulture);
        to[length++] = (byte)' ';
        Utf8Formatter.TryFormat(processId, to[length..], out var digits);
        length += digits;
        var kind = isNote ? " mimir "u8 : " err "u8;
        kind.CopyTo(to[length..]);
        return length + kind.Length;
    }

    /// <summary>Reads a line of a file; null when it is none, as when its beginning is missing.</summary>
    internal static LogLine? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length <= TimeLength || line[TimeLength] != ' '
            || !DateTimeOffset.TryParseExact(
                Encoding.ASCII.GetString(line[..TimeLength]), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return null;
        }

        var rest = line[(TimeLength + 1)..];
        if (!Utf8Parser.TryParse(rest, out int processId, out var digits))
            return null;
        rest = rest[digits..];
        var isNote = rest.StartsWith(" mimir "u8);
        if (!isNote && !rest.StartsWith(" err "u8))
            return null;
        return new LogLine(time, processId, isNote, Encoding.UTF8.GetString(rest[(isNote ? 7 : 5)..]));
    }
}
