using Mimir.Router.Engine;
using Mimir.Router.Listeners;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Stdio;

namespace Mimir.Micro;

/// <summary>A whole router between a client and servers in memory: every step of the pipeline, and no system call.</summary>
internal sealed class MemoryRouter : IDisposable
{
    private readonly StdioListener _listener;
    private readonly Thread _serving;

    /// <summary>Starts it and has the client open a session and list the tools.</summary>
    /// <param name="servers">How many servers, <c>s0</c>, <c>s1</c> and so on.</param>
    /// <param name="tools">How many tools each has, <c>tool_0</c>, <c>tool_1</c> and so on.</param>
    public MemoryRouter(int servers, int tools)
    {
        var model = new RouterModel
        {
            Servers = [.. Enumerable.Range(0, servers).Select(i => new ServerModel { Name = $"s{i}", Prefix = $"s{i}", Transport = new InProcessModel("echo") })],
        };
        Engine = new RouterEngine(model, _ => new Connector(tools), TimeProvider.System);
        _listener = new StdioListener(Engine, Engine.All, Client);
        _serving = new Thread(_listener.Run) { IsBackground = true };
        _serving.Start();
        Client.Exchange($$$"""{"jsonrpc":"2.0","id":{{{CallerLine.Id}}},"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"micro","version":"1"} } }""");
        Client.Exchange($$$"""{"jsonrpc":"2.0","id":{{{CallerLine.Id}}},"method":"tools/list"}""");
    }

    /// <summary>The router.</summary>
    public RouterEngine Engine { get; }

    /// <summary>Its client.</summary>
    public CallerLine Client { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Interrupt();
        _serving.Join();
        _listener.Dispose();
        Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private sealed class Connector(int tools) : IConnector
    {
        public Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken) =>
            Task.FromResult<UpstreamConnection>(new LineConnection(order, new EchoLine(tools), () => ValueTask.CompletedTask));
    }
}
