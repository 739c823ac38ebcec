using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Mimir.Cli.Hosting;
using Mimir.Http;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.Listeners;
using Mimir.Router.State;
using Mimir.Router.Upstreams.InProcess;

namespace Mimir.Cli.Composition;

/// <summary>A running router as commands see it.</summary>
internal sealed class RouterRun : IRouterRun
{
    private const int MostNews = 1024;
    private readonly Wiring _wiring;
    private readonly HttpListenerHost? _listener;
    private readonly View _view;
    private readonly RouterState _state;

    /// <summary>Takes over what runs.</summary>
    /// <param name="wiring">The rooms.</param>
    /// <param name="listener">Where HTTP is served, or null.</param>
    /// <param name="notices">What is to be told once.</param>
    /// <param name="space">The namespace, known to be there, whose clients' names are wanted; null for all servers.</param>
    public RouterRun(Wiring wiring, HttpListenerHost? listener, IReadOnlyList<string> notices, string? space = null)
    {
        _wiring = wiring;
        _listener = listener;
        _view = space is null ? wiring.Engine.Whole : wiring.Engine.FindNamespace(space)!;
        _state = new RouterState(wiring.Engine, _view);
        Notices = notices;
    }

    /// <inheritdoc/>
    public Uri? Endpoint => _listener is null ? null : new Uri($"http://{_listener.Address}/mcp");

    /// <inheritdoc/>
    public bool IsDemo => _wiring.IsDemo;

    /// <inheritdoc/>
    public string ConfigPath => _wiring.ConfigPath;

    /// <inheritdoc/>
    public string ConfigFile => _wiring.ConfigFile;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notices { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ServerRow> Servers => [.. _state.Servers.Select(Row)];

    /// <inheritdoc/>
    public IReadOnlyList<string> SwitchedOff => _wiring.SwitchedOff;

    /// <inheritdoc/>
    public IReadOnlyList<ToolRow> Tools => [.. _state.Tools.Select(Row)];

    /// <inheritdoc/>
    public async IAsyncEnumerable<ServerRow> WatchServersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // When it is full the oldest news go: what is shown is the state at the time of reading, not the news themselves.
        var news = Channel.CreateBounded<string>(new BoundedChannelOptions(MostNews) { FullMode = BoundedChannelFullMode.DropOldest });
        void Note(string server) => news.Writer.TryWrite(server);
        _state.ServerChanged += Note;
        try
        {
            foreach (var row in Servers)
            {
                yield return row;
            }

            await foreach (var name in news.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (Servers.FirstOrDefault(s => s.Name == name) is { } row)
                {
                    yield return row;
                }
            }
        }
        finally
        {
            _state.ServerChanged -= Note;
        }
    }

    /// <inheritdoc/>
    public Task WaitUntilSettledAsync(CancellationToken cancellationToken) => Task.WhenAll(_view.Pools.Select(pool => _wiring.Engine.ProbeAsync(pool.Model.Name))).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task WaitUntilSettledAsync(string server, CancellationToken cancellationToken) => _wiring.Engine.ProbeAsync(server).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public ServerInspection? Inspect(string server) => _state.Inspect(server);

    /// <inheritdoc/>
    public RouteExplanation Explain(string name) => _state.Explain(name);

    /// <inheritdoc/>
    public ClientPipe Connect()
    {
        var (line, peer) = PipeLine.CreatePair();
        var listener = new StdioListener(_wiring.Engine, _view, line);
        new Thread(() =>
        {
            listener.Run();
            line.CloseWrite();
            listener.Dispose();
        })
        { IsBackground = true, Name = "mimir-client" }.Start();
        return new ClientPipe(peer.Input, peer.Output);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
        {
            await _listener.StopAsync(_wiring.Farewell(new CancellationToken(canceled: true))).ConfigureAwait(false);
        }

        await _wiring.DisposeAsync().ConfigureAwait(false);
    }

    private ServerRow Row(ServerSnapshot server) => new()
    {
        Name = server.Name,
        State = server.Status == UpstreamStatus.Ready && !server.IsListed ? UpstreamStatus.Starting : server.Status,
        Transport = server.Transport,
        Revision = server.Revision,
        Tools = server.Tools,
        Prompts = server.Prompts,
        Resources = server.Resources,
        Templates = server.Templates,
        IsStale = server.IsStale,
        Garbage = server.Garbage,
        Strays = server.Strays,
        Detail = DetailOf(server),
        Health = server.Health,
        Cluster = server.Model.Cluster,
        Priority = server.Model.Priority,
        StartLimit = _wiring.Engine.PoolOf(server.Name)?.StartLimit ?? default,
        IsSilent = _wiring.Engine.PoolOf(server.Name)?.IsSilent ?? false,
    };

    private static string? DetailOf(ServerSnapshot server)
    {
        // One that is connected and yet not well has no error of its connection to show.
        var unwell = server is { Status: UpstreamStatus.Degraded, Health.IsHealthy: false } ? server.Health.LastFailure : "";
        string[] all = server.Error.Length > 0 ? [server.Error] : unwell.Length > 0 ? [unwell] : [.. server.ListProblems, .. server.Hidden];
        return all.Length == 0 ? null : string.Join("; ", all);
    }

    private static ToolRow Row(ToolSnapshot tool) => new()
    {
        Name = tool.Name,
        Server = tool.Server,
        Era = tool.Era,
        IsStale = tool.IsStale,
        Description = DescriptionOf(tool.Definition),
        Definition = tool.Definition,
    };

    private static string? DescriptionOf(ReadOnlyMemory<byte> definition)
    {
        using var document = JsonDocument.Parse(definition);
        return document.RootElement.TryGetProperty("description", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
    }
}
