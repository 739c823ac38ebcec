namespace Mimir.Embed.Tools;

/// <summary>A tool fails with an error code of its own.</summary>
/// <param name="code">The JSON-RPC error code.</param>
/// <param name="message">What is wrong, for the model.</param>
/// <param name="inner">What led to it; null for nothing.</param>
public sealed class McpToolException(int code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The JSON-RPC error code.</summary>
    public int Code { get; } = code;
}
