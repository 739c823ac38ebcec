namespace Mimir.Router.Upstreams.InProcess;

/// <summary>Serves one connection in this process: reads lines from the first stream, writes lines to the second, until it is cancelled.</summary>
public delegate Task InProcessServer(Stream input, Stream output, CancellationToken cancellationToken);
