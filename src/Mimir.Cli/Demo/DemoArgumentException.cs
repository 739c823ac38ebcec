namespace Mimir.Cli.Demo;

/// <summary>A tool of the demo server was called with an argument it cannot use; the text is for the caller.</summary>
internal sealed class DemoArgumentException(string message) : Exception(message);
