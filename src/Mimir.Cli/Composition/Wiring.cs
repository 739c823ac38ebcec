using System.Security.Cryptography;
using Mimir.Cli.Demo;
using Mimir.Cli.Hosting;
using Mimir.Configuration;
using Mimir.Configuration.Model;
using Mimir.Configuration.Plugins;
using Mimir.Configuration.Sources;
using Mimir.Management.Setup;
using Mimir.Management.Tools;
using Mimir.Protocol.Revisions;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Policies.Audit;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Doors;
using Mimir.Router.Upstreams.InProcess;
using Mimir.Router.Upstreams.Stdio;
using Mimir.Router.Upstreams.Web;
using Mimir.Supervisor;
using Mimir.Supervisor.Orphans;
using Mimir.Supervisor.Registry;

namespace Mimir.Cli.Composition;

/// <summary>Joins the rooms: configuration to model, model to engine, engine to processes and wires.</summary>
internal sealed class Wiring : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMilliseconds(300);
    private readonly ProcessHost _processes;
    private readonly DoorConnector _door;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sweep;
    private readonly Action<string> _log;
    private readonly BackendsUse? _backends;
    private readonly ConfigLocation _location;
    private readonly IReadOnlyList<string> _issues;
    private readonly bool _hasFiles;
    private readonly ServeRequest _request;
    private readonly PluginMemory _plugins;
    private RouterState? _state;
    private InventoryDesk? _inventory;
    private SetupRoom? _setup;
    private readonly Lock _gate = new();
    private ITimer? _first;
    private Reloading? _reloading;
    private IdleMemory? _memory;

    private Wiring(ConfigLocation location, ConfigResult config, PluginMemory plugins, Action<string> log, ServeRequest request)
    {
        _request = request;
        _plugins = plugins;
        _backends = config.Backends;

        // What only a variable names is named by its own path: a command to paste has no variables.
        ConfigPath = config.Backends is { IsMain: true, IsNamed: true } named ? named.File : location.Path;
        ConfigFile = location.MainFile;
        _location = location;
        _log = log;
        SwitchedOff = config.SwitchedOff;

        // Whoever wants the tools that set things up has begun to, and is not to take the demo for his own.
        IsDemo = !config.NamesServers && config.Model is not { Management.HasSetup: true };
        string[] idle = config.NamesServers && OwnServers.AddTo(config.Model!).Servers.IsEmpty ? ["Every configured server is switched off (\"enabled\": false), or a plugin that is not run, so nothing is served. mimir doctor tells."] : [];
        string[] found = config.Backends is { IsNamed: false } unasked ? [$"Backends are read from {unasked.File}."] : [];
        _issues = [.. config.Issues.Select(i => i.ToString())];
        Warnings = [.. _issues, .. found, .. idle];
        var state = StateFolder.ForUser(Environment.GetEnvironmentVariable);
        _processes = new ProcessHost(TimeProvider.System, log, state);
        _door = new DoorConnector(state is null ? null : Path.Combine(state.Path, "doors"), $"{Environment.ProcessId}.sock", TimeProvider.System);

        _sweep = state is null ? Task.CompletedTask : SweepAsync(new OrphanSweep(state, TimeProvider.System, log));
        _hasFiles = !config.Files.IsEmpty;
        Audit = AuditPlace.Open(config.Model!.Audit, state, log);
        Engine = new RouterEngine(Compose(config, IsDemo), Connectors(state, log), TimeProvider.System, Chance, () => _processes.MemoryInUse) { Recorder = Audit };
    }

    /// <summary>The router.</summary>
    public RouterEngine Engine { get; }

    /// <summary>Answers who may ask for the inventory. Made when somebody may, or HTTP is served: a start is not to load what it does not need.</summary>
    public InventoryDesk Inventory => LazyInitializer.EnsureInitialized(ref _inventory, () => new InventoryDesk(_processes));

    /// <summary>Keeps what is called and changed.</summary>
    public AuditLog Audit { get; }

    /// <summary>Whether nothing is configured and the demo stands in.</summary>
    public bool IsDemo { get; }

    /// <summary>The names of the servers that are configured and not run.</summary>
    public IReadOnlyList<string> SwitchedOff { get; }

    /// <summary>Where the configuration is, or would be.</summary>
    public string ConfigPath { get; }

    /// <summary>The file in it that a first server would be written into.</summary>
    public string ConfigFile { get; }

    /// <summary>What the configuration should be told about.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Loads the configuration and builds an engine; no server is started.</summary>
    /// <param name="request">Which configuration, and what of it clients are given.</param>
    /// <param name="log">Takes rare sentences for the operator.</param>
    /// <exception cref="CommandFailure">The configuration has errors; all of them are in the message. Or it has no such namespace, or calls could not be kept that have to be.</exception>
    public static Wiring Create(ServeRequest request, Action<string> log)
    {
        var space = request.Namespace;
        var location = ConfigLocation.Find(request.Config, ProcessEnvironment.Instance);
        var plugins = new PluginMemory();
        var result = ConfigLoader.Load(location, ProcessEnvironment.Instance, UserVault.Instance, plugins);
        if (result.Model is not { } model)
        {
            throw new CommandFailure(ExitCodes.Configuration, string.Join('\n', result.Issues.Select(i => i.ToString())));
        }

        if (AuditPlace.Open(model.Audit, StateFolder.ForUser(Environment.GetEnvironmentVariable), log).CheckAsync().GetAwaiter().GetResult() is { } unkept)
        {
            throw new CommandFailure(ExitCodes.Unavailable, unkept);
        }

        return space is null || model.Permissions.Find(space) is not null
            ? new Wiring(location, result, plugins, log, request)
            : throw new CommandFailure(ExitCodes.Configuration, $"--namespace {space}: there is no such namespace in {location.Path}. {Known(model)}");
    }

    /// <summary>Takes over what the files of the configuration say when they change, from a moment on: the first client is not to wait for it.</summary>
    /// <param name="connects">True to connect to new servers at once, false to leave it to who asks for them.</param>
    public void Watch(bool connects) => _first = TimeProvider.System.CreateTimer(_ => BeginWatch(connects), null, AfterStart, Timeout.InfiniteTimeSpan);

    /// <summary>Where HTTP is served when nobody said so on the command line, and whether the next free port will do.</summary>
    /// <param name="usual">What holds without a backends file.</param>
    /// <exception cref="CommandFailure">The environment of a backends file names an address that is not served.</exception>
    public (ListenAddress Address, bool MayMove) ListenByDefault(ListenAddress usual)
    {
        if (_backends is not { } backends)
        {
            return (usual, true);
        }

        var port = backends.Port ?? (backends.IsMain ? ListenAddress.BackendsPort : usual.Port);
        if (backends.Host is not { } host)
        {
            return (usual with { Port = port }, backends.Port is null);
        }

        var text = host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]:{port}" : $"{host}:{port}";
        return ListenAddress.TryParse(text, out var address, out var error)
            ? (address, backends.Port is null)
            : throw new CommandFailure(ExitCodes.Configuration, $"MCP_HOST: {error} Set it so, or unset it.");
    }

    /// <summary>How clients are left that have calls open: the operator is told what is waited for.</summary>
    /// <param name="now">Ends the waiting, unless it is what stops us.</param>
    public Farewell Farewell(CancellationToken now) => new(TimeProvider.System, _log, now);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var ending = EndAsync();
        await Task.WhenAny(ending, Task.Delay(Quiet)).ConfigureAwait(false);
        if (!ending.IsCompleted)
        {
            _log("waiting for servers to end");
        }

        await ending.ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (EndWatch() is { } reloading)
        {
            await reloading.DisposeAsync().ConfigureAwait(false);
        }

        await Engine.DisposeAsync().ConfigureAwait(false);
        await _door.DisposeAsync().ConfigureAwait(false);
        if (_setup is { } setup)
        {
            await setup.DisposeAsync().ConfigureAwait(false);
        }

        await Audit.DisposeAsync().ConfigureAwait(false);
        await _sweep.ConfigureAwait(false);
        await _processes.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Nobody waits for it: what a killed Mimir left behind is none of the servers that are started now. Nor does it keep the first client waiting.</summary>
    private async Task SweepAsync(OrphanSweep sweep)
    {
        await Task.Delay(AfterStart, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await sweep.RunAsync(_stopping.Token).ConfigureAwait(false);
    }

    private void BeginWatch(bool connects)
    {
        lock (_gate)
        {
            if (!_stopping.IsCancellationRequested)
            {
                _reloading = new Reloading(Engine, Audit, _location, _hasFiles, _issues, read => Compose(read, IsDemo), connects, _log, _plugins);
                _memory = new IdleMemory(TimeProvider.System);
            }
        }
    }

    private Reloading? EndWatch()
    {
        lock (_gate)
        {
            _first?.Dispose();
            _memory?.Dispose();
            return _reloading;
        }
    }

    /// <summary>What is wanted of what was read. The demo stands in at the start alone, and until the first server is named: it takes nobody's place.</summary>
    private RouterModel Compose(ConfigResult config, bool mayShow)
    {
        var model = config.NamesServers || !mayShow ? config.Model! : WithDemo(config.Model!);
        if (_request is not { Namespace: null, HasResources: true, HasPrompts: true })
        {
            model = model with
            {
                Permissions = model.Permissions with
                {
                    DefaultNamespace = _request.Namespace ?? model.Permissions.DefaultNamespace,
                    WithholdsResources = !_request.HasResources,
                    WithholdsPrompts = !_request.HasPrompts,
                },
            };
        }

        model = OwnServers.AddTo(model);
        if (_inventory is not null || model.Management.HasInventory || config.Plugins.MayAsk)
        {
            model = Inventory.AddTo(model, config);
        }

        model = model.Management.HasTools ? ManagementServer.AddTo(model) : model;
        return model.Management.HasSetup ? WithSetup(model, config) : model;
    }

    private static string Known(RouterModel model) => model.Permissions.Namespaces.IsEmpty
        ? "It has none: add it under namespaces, or start without --namespace."
        : $"There are: {string.Join(", ", model.Permissions.Namespaces.Select(n => n.Name))}.";

    private static RouterModel WithDemo(RouterModel model) => model with
    {
        Servers = [new ServerModel { Name = DemoServer.Name, Prefix = DemoServer.Name, Transport = new InProcessModel(DemoServer.Name) }],
    };

    // A method of its own: what it names is loaded when it runs.
    private static RouterModel WithSetup(RouterModel model, ConfigResult config) =>
        SetupServer.AddTo(model, config.Plugins.Plugins.Where(static p => p.Status == PluginStatus.PendingSetup).Select(static p => p.Name));

    private static double Chance() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);

    private Task ManageAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        var state = LazyInitializer.EnsureInitialized(ref _state, () => new RouterState(Engine));
        return ManagementServer.RunAsync(state, input, output, cancellationToken);
    }

    private Task SetUpAsync(Stream input, Stream output, CancellationToken cancellationToken) =>
        LazyInitializer.EnsureInitialized(ref _setup, () => new SetupRoom(Engine, _location, Audit, _log)).RunAsync(input, output, cancellationToken);

    private Func<TransportModel, IConnector> Connectors(StateFolder? state, Action<string> log)
    {
        var stdio = new StdioConnector(new LateHost(() => _inventory is { } desk ? desk.Processes : _processes), log);
        var http = new HttpConnector();
        var own = new Dictionary<string, InProcessServer>(StringComparer.Ordinal)
        {
            [DemoServer.Name] = DemoServer.RunAsync,
            [ManagementModel.ServerName] = ManageAsync,
            [ManagementModel.SetupName] = SetUpAsync,
        };
        OwnServers.AddTo(own, () => Engine, state, log);
        var inProcess = new InProcessConnector(name => own.GetValueOrDefault(name) ?? Inventory.Find(name));
        return transport => transport switch
        {
            StdioModel => stdio,
            HttpModel => http,
            DoorModel => _door,
            _ => inProcess,
        };
    }
}
