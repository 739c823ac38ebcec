using Mimir.Configuration.Sources;
using Mimir.Management.Pages;
using Mimir.Management.Setup;
using Mimir.Router.Engine;
using Mimir.Router.Policies.Audit;

namespace Mimir.Cli.Composition;

/// <summary>What the tools that set things up work with. Made when the first of them is asked for: a start does not pay for it.</summary>
internal sealed class SetupRoom : IAsyncDisposable
{
    private readonly RouterEngine _engine;
    private readonly SecretPages _pages;
    private readonly SetupServer _server;

    /// <summary>Makes it.</summary>
    /// <param name="engine">The router.</param>
    /// <param name="location">Where the configuration is.</param>
    /// <param name="audit">Told of what is changed.</param>
    /// <param name="say">Takes sentences for the operator.</param>
    public SetupRoom(RouterEngine engine, ConfigLocation location, AuditLog audit, Action<string> say)
    {
        _engine = engine;
        var desk = new SetupDesk(location, audit, say);
        _pages = new SecretPages(
            async (name, value, cancellationToken) =>
            {
                var outcome = await desk.SetSecretAsync(name, value, cancellationToken).ConfigureAwait(false);
                return outcome.IsDone ? null : outcome.Error;
            },
            TimeProvider.System);
        _server = new SetupServer(desk, new RouterState(engine), new RouterCommands(engine), _pages, TimeProvider.System);
    }

    /// <summary>Serves one connection.</summary>
    public Task RunAsync(Stream input, Stream output, CancellationToken cancellationToken) => _server.RunAsync(_engine.Model.Management, input, output, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _pages.DisposeAsync();
}
