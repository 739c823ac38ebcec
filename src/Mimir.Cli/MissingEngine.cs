using Mimir.Cli.Hosting;

namespace Mimir.Cli;

/// <summary>Stands where the composition root will: this build parses command lines and can do nothing with them.</summary>
internal sealed class MissingEngine : IRouterHost
{
    private static CommandFailure Failure => new(ExitCodes.Failure, "This build has no engine yet.");

    /// <inheritdoc/>
    public Task<IRouterRun> StartAsync(RunRequest request, CancellationToken cancellationToken) => throw Failure;

    /// <inheritdoc/>
    public Task<int> ServeAsync(ServeRequest request, CancellationToken cancellationToken) => throw Failure;
}
