namespace Mimir.Configuration.Import;

/// <summary>An import or its undoing cannot go on, for a reason that its user can understand and mend. The message names no secret.</summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="kind">What it is.</param>
/// <param name="innerException">The cause.</param>
public sealed class ImportException(string message, ImportTrouble kind, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What it is.</summary>
    public ImportTrouble Kind { get; } = kind;
}
