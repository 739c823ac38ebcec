namespace Mimir.Router.State;

/// <summary>How a server's process ended by itself.</summary>
/// <param name="ExitCode">Its exit code, or null when a signal ended it.</param>
/// <param name="Signal">The number of that signal, or null.</param>
/// <param name="LastWords">The last lines it wrote to stderr, 20 at most, oldest first. Come from outside and may hold anything: for the operator alone.</param>
public sealed record ProcessEnd(int? ExitCode, int? Signal, IReadOnlyList<string> LastWords);
