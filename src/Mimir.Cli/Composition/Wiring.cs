using Mimir.Cli.Demo;
using Mimir.Cli.Hosting;
using Mimir.Configuration;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Sources;
using Mimir.Protocol.Revisions;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;
using Mimir.Router.Upstreams.Stdio;
using Mimir.Router.Upstreams.Web;
using Mimir.Supervisor;

namespace Mimir.Cli.Composition;

/// <summary>Joins the rooms: configuration to model, model to engine, engine to processes and wires.</summary>
internal sealed class Wiring : IAsyncDisposable
{
    private readonly ProcessHost _processes;

    private Wiring(ConfigLocation location, ConfigResult config, Action<string> log)
    {
        ConfigPath = location.Path;
        ConfigFile = location.MainFile;
        var model = config.Model!;
        IsDemo = !config.NamesServers;
        string[] idle = !IsDemo && model.Servers.IsEmpty ? ["Every configured server is switched off (\"enabled\": false), so nothing is served."] : [];
        Warnings = [.. config.Issues.Select(i => i.ToString()), .. idle];
        _processes = new ProcessHost(TimeProvider.System, log);
        Engine = new RouterEngine(IsDemo ? WithDemo(model) : model, Connectors(log), TimeProvider.System);
    }

    /// <summary>The router.</summary>
    public RouterEngine Engine { get; }

    /// <summary>Whether nothing is configured and the demo stands in.</summary>
    public bool IsDemo { get; }

    /// <summary>Where the configuration is, or would be.</summary>
    public string ConfigPath { get; }

    /// <summary>The file in it that a first server would be written into.</summary>
    public string ConfigFile { get; }

    /// <summary>What the configuration should be told about.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Loads the configuration and builds an engine; no server is started.</summary>
    /// <param name="config">A file or folder, or null for the default places.</param>
    /// <param name="log">Takes rare sentences for the operator.</param>
    /// <exception cref="CommandFailure">The configuration has errors; all of them are in the message.</exception>
    public static Wiring Create(string? config, Action<string> log)
    {
        var location = ConfigLocation.Find(config, ProcessEnvironment.Instance);
        var result = ConfigLoader.Load(location, ProcessEnvironment.Instance);
        return result.Model is null
            ? throw new CommandFailure(ExitCodes.Configuration, string.Join('\n', result.Issues.Select(i => i.ToString())))
            : new Wiring(location, result, log);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync().ConfigureAwait(false);
        await _processes.DisposeAsync().ConfigureAwait(false);
    }

    private static RouterModel WithDemo(RouterModel model) => model with
    {
        Servers = [new ServerModel { Name = DemoServer.Name, Prefix = DemoServer.Name, Transport = new InProcessModel(DemoServer.Name) }],
    };

    private Func<TransportModel, IConnector> Connectors(Action<string> log)
    {
        var stdio = new StdioConnector(_processes, log);
        var http = new HttpConnector();
        var inProcess = new InProcessConnector(new Dictionary<string, InProcessServer>(StringComparer.Ordinal) { [DemoServer.Name] = DemoServer.RunAsync });
        return transport => transport switch
        {
            StdioModel => stdio,
            HttpModel => http,
            _ => inProcess,
        };
    }
}
