using Mimir.Cli.Hosting;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>Hands out one prepared run and remembers what it was asked for.</summary>
internal sealed class FakeHost(Func<RunRequest, IRouterRun> start) : IRouterHost
{
    public RunRequest? Started { get; private set; }

    public ServeRequest? Served { get; private set; }

    public Task<IRouterRun> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        Started = request;
        return Task.FromResult(start(request));
    }

    public Task<int> ServeAsync(ServeRequest request, CancellationToken cancellationToken)
    {
        Served = request;
        return Task.FromResult(ExitCodes.Success);
    }
}
