using Mimir.Router.Model;

namespace Mimir.Router.Upstreams;

/// <summary>Starts child processes. Implemented upstairs by the Supervisor.</summary>
public interface IProcessHost
{
    /// <summary>
    /// Starts a child in a process group (on Windows a job) of its own: no shell, an allow-listed environment plus what the model declares,
    /// no inherited handles but its three standard streams, stderr drained for ever into a bounded ring.
    /// </summary>
    /// <param name="name">The server's name, for logs.</param>
    /// <param name="model">What to run.</param>
    /// <param name="cancellationToken">Gives up before the child exists; has no effect afterwards.</param>
    /// <returns>The running child.</returns>
    /// <exception cref="ProcessStartException">Not found, not executable, no such working directory, no process left: the text says which and what to do.</exception>
    ValueTask<IChildProcess> StartAsync(string name, StdioModel model, CancellationToken cancellationToken);
}

/// <summary>A running child and its line. Disposing it stops it (see <see cref="StopAsync"/>).</summary>
public interface IChildProcess : IAsyncDisposable
{
    /// <summary>The operating system's id.</summary>
    int ProcessId { get; }

    /// <summary>Its stdin and stdout.</summary>
    IByteLine Line { get; }

    /// <summary>Completes when the process itself has exited, even if a descendant still holds its pipes. Never faults.</summary>
    Task<ChildExit> Exited { get; }

    /// <summary>The last lines of its stderr, oldest first, bounded (256 lines, 64 KiB).</summary>
    IReadOnlyList<string> StandardErrorTail { get; }

    /// <summary>
    /// Ends the whole family: stdin closed, 2 s, SIGTERM to the group, 3 s, SIGKILL to the group and to every descendant that
    /// left the group. On Windows its job is ended after the first 2 s, for nobody there can be asked. Each step is skipped when nobody is
    /// left. Idempotent; completes when nothing is left, at the latest after 6 s.
    /// </summary>
    /// <param name="immediately">Straight to SIGKILL.</param>
    Task StopAsync(bool immediately = false);
}

/// <summary>How a child ended: an exit code, or the signal that ended it.</summary>
/// <param name="Code">Exit code, or null when a signal ended it.</param>
/// <param name="Signal">Signal number, or null.</param>
public readonly record struct ChildExit(int? Code, int? Signal)
{
    /// <summary>What else is known of it, such as the limit that it went over; null for nothing.</summary>
    public string? Remark { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        (Signal is { } s ? $"ended by signal {s}" : $"exited with code {Code}") + (Remark is null ? string.Empty : $" ({Remark})");
}

/// <summary>A child could not be started. The message names the command and the remedy.</summary>
public sealed class ProcessStartException : Exception
{
    /// <summary>Creates one.</summary>
    public ProcessStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// True when the same start may succeed a moment later: the system had no memory, descriptor or process left for it, or its file was just being
    /// written. That says nothing of the command.
    /// </summary>
    public bool MayPass { get; init; }
}
