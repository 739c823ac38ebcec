using System.Net;
using Mimir.Cli.Hosting;
using Mimir.Configuration.Import;
using Mimir.Configuration.Editing;
using Mimir.Configuration.Sources;
using Mimir.Http;
using Mimir.Router.Listeners;
using Mimir.Router.State;
using Mimir.Supervisor.Lines;

namespace Mimir.Cli.Composition;

/// <summary>Builds routers for commands.</summary>
internal sealed class RouterHost : IRouterHost
{
    private const int MostMoves = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly Lock Talk = new();

    /// <inheritdoc/>
    public async Task<IRouterRun> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var wiring = Wiring.Create(new ServeRequest(request.Config, null, request.Namespace), Log);
        try
        {
            if (request.Http is not { } named)
            {
                return new RouterRun(wiring, null, wiring.Warnings, request.Namespace);
            }

            wiring.Inventory.Expect();

            var (wanted, mayMove) = request.HttpMayMove ? wiring.ListenByDefault(named) : (named, false);

            var (listener, moved) = await ListenAsync(wiring, wanted, mayMove, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<string> notices = moved
                ? [.. wiring.Warnings, $"Port {wanted.Port} is taken; listening on {listener.Address.Port} instead."]
                : wiring.Warnings;
            wiring.Engine.Begin();
            wiring.Watch(connects: true);
            return new RouterRun(wiring, listener, notices);
        }
        catch
        {
            await wiring.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<int> ServeAsync(ServeRequest request, CancellationToken cancellationToken) =>
        request.Http is { } address ? ServeHttpAsync(request, address, cancellationToken) : ServeStdioAsync(request, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<AppRow> Apps(string? config) => AppList.Look(config);

    /// <inheritdoc/>
    public ISecretStore Secrets(string? config) => SecretStore.Of(config, Log);

    /// <inheritdoc/>
    public Task<T> AuditedAsync<T>(string? config, Func<Task<T>> work, Func<T, ChangeRecord?> record) => AuditedWork.RunAsync(config, Log, work, record);

    /// <inheritdoc/>
    public IApprovals Approvals() => new Approvals(Log);

    /// <inheritdoc/>
    public IAuditView Audit(string? config) => new AuditView(config);

    /// <inheritdoc/>
    public Task<Diagnosis> DiagnoseAsync(string? config, bool listeners, CancellationToken cancellationToken) => Examination.RunAsync(config, listeners, cancellationToken);

    /// <inheritdoc/>
    public Importer Imports(string? config, string project) => ImportDesk.Of(config, project);

    /// <inheritdoc/>
    public ConfigStore Configuration(string? config) =>
        new(ConfigLocation.Find(config, ProcessEnvironment.Instance), ProcessEnvironment.Instance, UserVault.Instance, TimeProvider.System);

    /// <inheritdoc/>
    public IAsyncEnumerable<LogRow> ReadLogsAsync(LogRequest request, Action<string> say, CancellationToken cancellationToken) =>
        new LogRun(request, say).ReadAsync(cancellationToken);

    /// <summary>Serves on the calling thread; asynchronous is the end alone, for an async method would be compiled before the first answer.</summary>
    private static Task<int> ServeStdioAsync(ServeRequest request, CancellationToken cancellationToken)
    {
        var wiring = Wiring.Create(request, Log);
        try
        {
            foreach (var warning in wiring.Warnings)
            {
                Log(warning);
            }

            wiring.Engine.LifeChanged += new LifeTalk(Log).Tell;
            wiring.Engine.Begin();
            wiring.Watch(connects: false);
            using var line = StandardLine.Open();
            using var listener = new StdioListener(wiring.Engine, wiring.Engine.All, line) { Farewell = wiring.Farewell(cancellationToken) };
            using (cancellationToken.UnsafeRegister(static l => ((StdioListener)l!).Stop(), listener))
            {
                listener.Run();
            }
        }
        catch
        {
            wiring.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }

        return EndAsync(wiring);
    }

    private static async Task<int> EndAsync(Wiring wiring)
    {
        await wiring.DisposeAsync().ConfigureAwait(false);
        return ExitCodes.Success;
    }

    private static async Task<int> ServeHttpAsync(ServeRequest request, ListenAddress wanted, CancellationToken cancellationToken)
    {
        var wiring = Wiring.Create(request, Log);
        await using (wiring.ConfigureAwait(false))
        {
            foreach (var warning in wiring.Warnings)
            {
                Log(warning);
            }

            wiring.Engine.LifeChanged += new LifeTalk(Log).Tell;
            wiring.Inventory.Expect();
            wiring.Engine.Begin();
            var (listener, _) = await ListenAsync(wiring, wanted, mayMove: false, cancellationToken).ConfigureAwait(false);
            await using (listener.ConfigureAwait(false))
            {
                Log($"listening on http://{listener.Address}/mcp");

                // A daemon makes its connections before the first client asks; nobody waits for them.
                _ = wiring.Engine.ProbeAllAsync();
                wiring.Watch(connects: true);
                await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
                await listener.StopAsync(wiring.Farewell(cancellationToken)).ConfigureAwait(false);
            }
        }

        return ExitCodes.Success;
    }

    private static async Task<(HttpListenerHost Listener, bool Moved)> ListenAsync(
        Wiring wiring, ListenAddress wanted, bool mayMove, CancellationToken cancellationToken)
    {
        for (var port = wanted.Port; ; port++)
        {
            try
            {
                var listener = await HttpListenerHost.StartAsync(wiring.Engine, new IPEndPoint(wanted.Address, port), cancellationToken, wiring.Inventory.Door).ConfigureAwait(false);
                wiring.Inventory.Open(listener.Address);
                return (listener, port != wanted.Port);
            }
            catch (IOException e)
            {
                if (!mayMove || port - wanted.Port >= MostMoves || port == IPEndPoint.MaxPort)
                {
                    throw new CommandFailure(
                        ExitCodes.Unavailable, $"{wanted.Address}:{port} is taken by another program. Name another port with --http, or --http 0 for any.", e);
                }
            }
        }
    }

    /// <summary>Says a sentence on stderr. A client that never reads it holds up one thread at most: what comes meanwhile is dropped.</summary>
    private static void Log(string text)
    {
        if (!Talk.TryEnter(Patience))
        {
            return;
        }

        try
        {
            Console.Error.WriteLine("mimir: " + Terminal.SafeText.Block(text));
        }
        finally
        {
            Talk.Exit();
        }
    }
}
