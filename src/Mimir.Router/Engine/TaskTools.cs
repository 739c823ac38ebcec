using System.Security.Cryptography;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>
/// Which tool made a task at a modern server. There the id alone is the right to a task, and a tool that is denied later, or to another client,
/// is not to be reached by it. The newest <see cref="Most"/> are known; thread-safe.
/// </summary>
internal sealed class TaskTools
{
    /// <summary>Most that are known.</summary>
    public const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _tools = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Notes that a call was answered with a task.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="taskId">The server's own id, the inside of a JSON string.</param>
    /// <param name="tool">The server's own name of the tool.</param>
    public void Note(string server, ReadOnlySpan<byte> taskId, string tool)
    {
        var key = Key(server, taskId);
        lock (_gate)
        {
            if (!_tools.ContainsKey(key))
            {
                _order.Enqueue(key);
            }

            _tools[key] = tool;
            if (_order.Count > Most)
            {
                _tools.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>The server's own name of the tool that made a task; null when it is not known.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="taskId">The server's own id, the inside of a JSON string.</param>
    public string? Find(string server, ReadOnlySpan<byte> taskId)
    {
        lock (_gate)
        {
            if (_tools.Count == 0)
            {
                return null;
            }
        }

        var key = Key(server, taskId);
        lock (_gate)
        {
            return _tools.GetValueOrDefault(key);
        }
    }

    /// <summary>Servers choose how long their ids are.</summary>
    private static string Key(string server, ReadOnlySpan<byte> taskId) => server + "\n" + Convert.ToHexString(SHA256.HashData(JsonText.Decode(taskId)));
}
