namespace Mimir.Supervisor.Logs;

/// <summary>A Mimir that has, or last had, a server's log.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="Since">When it started its first server, UTC.</param>
/// <param name="IsAlive">Whether it runs.</param>
/// <param name="Folder">The log's folder.</param>
public sealed record LogSource(int ProcessId, DateTimeOffset Since, bool IsAlive, string Folder);
