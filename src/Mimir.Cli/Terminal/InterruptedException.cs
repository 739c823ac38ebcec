namespace Mimir.Cli.Terminal;

/// <summary>A person pressed Ctrl-C where it is a key and no signal.</summary>
internal sealed class InterruptedException : OperationCanceledException;
