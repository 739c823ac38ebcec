namespace Mimir.Cli.Hosting;

/// <summary>A command cannot go on for a reason that its user can understand and mend. Shown without a stack.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="message">What is wrong, and what to do about it; one line or several.</param>
/// <param name="innerException">The cause, shown only when debugging.</param>
internal sealed class CommandFailure(int exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
