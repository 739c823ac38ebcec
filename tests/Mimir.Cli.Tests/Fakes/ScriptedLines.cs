using System.Collections.Concurrent;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>Someone who types prepared lines and then leaves, or who never types at all.</summary>
internal sealed class ScriptedLines(IEnumerable<string> lines) : ILineSource
{
    private readonly ConcurrentQueue<string> _lines = new(lines);

    /// <summary>Whether the one at the keyboard stays silent after the last line instead of leaving.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Done before each line is typed.</summary>
    public Action? Meanwhile { get; set; }

    public int Left => _lines.Count;

    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Meanwhile?.Invoke();
        if (_lines.TryDequeue(out var line))
        {
            return line;
        }

        if (IsSilent)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return null;
    }
}
