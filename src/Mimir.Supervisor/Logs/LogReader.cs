using Mimir.Supervisor.Registry;

namespace Mimir.Supervisor.Logs;

/// <summary>Reads a log from its beginning and then what is added, however it is rotated meanwhile. For one thread at a time.</summary>
/// <param name="folder">The log's folder (<see cref="LogSource.Folder"/>); it may be taken away at any time, which ends the log.</param>
public sealed class LogReader(string folder)
{
    // A line and its head are shorter, so each step gets at least one.
    private const int StepBytes = 256 * 1024;

    private int _number;
    private long _offset;

    /// <summary>The lines since the last call, oldest first; at most a few thousand, so ask again until there are none.</summary>
    public IReadOnlyList<LogLine> ReadNew()
    {
        var lines = new List<LogLine>();
        while (lines.Count == 0)
        {
            var numbers = LogFiles.Numbers(folder);
            var ours = numbers.Find(number => number >= _number);
            if (ours == 0)
                break;
            if (ours != _number)
                (_number, _offset) = (ours, 0);
            if (!ReadStep(lines))
            {
                // Whether it has a successor was looked up before it was read to its end: only then was that its last word.
                if (numbers[^1] == _number)
                    break;
                (_number, _offset) = (_number + 1, 0);
            }
        }

        return lines;
    }

    /// <returns>False when there is nothing more in this file for now.</returns>
    private bool ReadStep(List<LogLine> lines)
    {
        try
        {
            using var file = PrivateFile.Open(
                LogFiles.File(folder, _number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length <= _offset)
                return false;
            file.Position = _offset;
            var bytes = new byte[Math.Min(StepBytes, file.Length - _offset)];
            var read = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            var end = read.LastIndexOf((byte)'\n') + 1;
            _offset += end;
            foreach (var range in read[..end].Split((byte)'\n'))
            {
                if (LogLine.Parse(read[range]) is { } line)
                    lines.Add(line);
            }

            return end > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
