namespace Mimir.Management.Memory;

/// <summary>The memory could not do what was asked: an error for whoever asked, and a longer one for the operator where there is more to say.</summary>
/// <param name="message">What is wrong and what would help. Names no place on this machine.</param>
/// <param name="forOperator">The same with its place; null where there is no more to say.</param>
public sealed class MemoryException(string message, string? forOperator = null) : Exception(message)
{
    /// <summary>What to say in the log; null for nothing.</summary>
    public string? ForOperator { get; } = forOperator;
}
