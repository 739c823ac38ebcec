using System.Collections.Immutable;
using System.Text.Json;
using Mimir.Management.Serving;
using Mimir.Management.Tools;
using Mimir.Router.Engine;
using Mimir.Router.Listeners;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Management.Tests.Support;

/// <summary>A router with its own tools and servers in memory, and clients of it. What has an address is never there.</summary>
internal sealed class House : IAsyncDisposable
{
    public const string Why = "Nobody answers there.";
    private readonly List<McpClient> _clients = [];
    private RouterState? _state;

    private House(RouterModel model)
    {
        var inner = new Dictionary<string, InProcessServer>(StringComparer.Ordinal) { [ManagementModel.ServerName] = ManageAsync };
        foreach (var transport in model.Servers.Select(s => s.Transport).OfType<InProcessModel>())
        {
            inner[transport.Factory] = (input, output, stop) => MemoryServer.RunAsync(input, output, Offering(transport.Factory), stop);
        }

        var inside = new InProcessConnector(inner);
        var nowhere = new Nowhere();
        Engine = new RouterEngine(ManagementServer.AddTo(model), transport => transport is InProcessModel ? inside : nowhere, TimeProvider.System);
    }

    public RouterEngine Engine { get; }

    public RouterState State => LazyInitializer.EnsureInitialized(ref _state, () => new RouterState(Engine));

    /// <summary>Starts one whose servers have all been tried.</summary>
    public static async Task<House> OpenAsync(ManagementModel management, params ServerModel[] servers)
    {
        var house = new House(new RouterModel { Servers = [.. servers], Management = management });
        await house.Engine.ProbeAllAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return house;
    }

    /// <summary>A server in memory.</summary>
    /// <param name="name">Its name and prefix.</param>
    /// <param name="tools">Its tools, with commas between.</param>
    public static ServerModel Inside(string name, string tools) => new() { Name = name, Prefix = name, Transport = new InProcessModel(tools) };

    /// <summary>A server behind an address.</summary>
    public static ServerModel Away(string name, string url) =>
        new() { Name = name, Prefix = name, Transport = new HttpModel(new Uri(url), ImmutableSortedDictionary<string, string>.Empty.Add("X-Key", "hidden-header"), SseOnly: false) };

    /// <summary>A client.</summary>
    /// <param name="revision">The revision it speaks.</param>
    public async Task<McpClient> ClientAsync(string revision)
    {
        var (line, peer) = PipeLine.CreatePair();
        var listener = new StdioListener(Engine, Engine.All, line);
        new Thread(() =>
        {
            listener.Run();
            line.CloseWrite();
            listener.Dispose();
        })
        { IsBackground = true }.Start();
        var client = await McpClient.CreateAsync(
            new StreamClientTransport(peer.Output, peer.Input), new McpClientOptions { ProtocolVersion = revision }, null, TestContext.Current.CancellationToken);
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await Engine.DisposeAsync();
    }

    private static McpServerOptions Offering(string tools) => new()
    {
        ServerInfo = new Implementation { Name = "some", Version = "1" },
        Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => new(new ListToolsResult { Tools = [.. tools.Split(',').Select(Tool)] }),
            CallToolHandler = (request, _) => new(new CallToolResult { Content = [new TextContentBlock { Text = $"{tools}: {request.Params?.Name}" }] }),
        },
    };

    private static Tool Tool(string name) => new() { Name = name, InputSchema = JsonElement.Parse("""{"type":"object"}""") };

    private Task ManageAsync(Stream input, Stream output, CancellationToken cancellationToken) =>
        ManagementServer.RunAsync(State, input, output, cancellationToken);

    private sealed class Nowhere : IConnector
    {
        public Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken) =>
            Task.FromException<UpstreamConnection>(new ConnectFailure(Why));
    }
}
