namespace Mimir.Cli.Hosting;

/// <summary>An MCP server that listens on this machine.</summary>
/// <param name="Url">Where it answered.</param>
/// <param name="IsOpen">Whether it answered a request without any credential.</param>
internal sealed record ListenerRow(string Url, bool IsOpen);
