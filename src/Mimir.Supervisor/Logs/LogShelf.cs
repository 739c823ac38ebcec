using Mimir.Supervisor.Registry;

namespace Mimir.Supervisor.Logs;

/// <summary>Finds the logs that running Mimirs keep, and that the newest one which has ended has left. Thread-safe.</summary>
/// <param name="state">The user's folder.</param>
public sealed class LogShelf(StateFolder state)
{
    /// <summary>Everybody who has a log of a server: who runs first, the newest first among these and among the others.</summary>
    /// <param name="server">The server's name.</param>
    public IReadOnlyList<LogSource> Find(string server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var found = new List<LogSource>();
        foreach (var folder in InstanceFolder.All(state))
        {
            var log = Path.Combine(folder.Logs, LogFiles.FolderName(server));
            if (Directory.Exists(log) && folder.ReadOwner() is { } owner)
                found.Add(new LogSource(owner.Process.Id, DateTimeOffset.FromUnixTimeMilliseconds(owner.Since), folder.IsAlive(owner), log));
        }

        found.Sort(static (a, b) => a.IsAlive != b.IsAlive ? b.IsAlive.CompareTo(a.IsAlive) : b.Since.CompareTo(a.Since));
        return found;
    }
}
