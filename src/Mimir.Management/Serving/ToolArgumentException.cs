namespace Mimir.Management.Serving;

/// <summary>A tool was called with an argument it cannot use: a tool error, which a model can read and mend.</summary>
/// <param name="message">What is wrong, and what would be accepted; for the caller.</param>
public sealed class ToolArgumentException(string message) : Exception(message);
