namespace Mimir.Cli.Hosting;

/// <summary>One line of a server's log.</summary>
/// <param name="Time">When it came, UTC.</param>
/// <param name="ProcessId">The process it is of; 0 when it is of none.</param>
/// <param name="IsNote">Whether Mimir says it of the process.</param>
/// <param name="Text">What it says. Comes from outside: escape it before showing it.</param>
internal readonly record struct LogRow(DateTimeOffset Time, int ProcessId, bool IsNote, string Text);
