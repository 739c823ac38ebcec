using Mimir.Management.Serving;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Management.Tools;

/// <summary>
/// The MCP server of Mimir's own tools: <c>list_backends</c>, <c>get_backend_health</c> and <c>explain_route</c>. It runs inside the
/// program, and its calls pass through the router as those to any server. It changes nothing.
/// </summary>
public static class ManagementServer
{
    // The tools are fixed for the life of the program, so a client may keep the list; an hour is long enough to matter.
    private static readonly TimeSpan ListLifetime = TimeSpan.FromHours(1);

    /// <summary>Adds the server to a model that wants it, behind all others.</summary>
    /// <param name="model">What the configuration says.</param>
    /// <returns>The same model when it does not want it.</returns>
    public static RouterModel AddTo(RouterModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return !model.Management.HasTools ? model : model with
        {
            Servers = model.Servers.Add(new ServerModel
            {
                Name = ManagementModel.ServerName,
                Prefix = model.Management.BareNames ? "" : ManagementModel.ServerName,
                IsOwn = true,
                Transport = new InProcessModel(ManagementModel.ServerName),
            }),
        };
    }

    /// <summary>Serves one connection, in whichever era its client speaks.</summary>
    /// <param name="state">The router that it tells of.</param>
    /// <param name="input">What the client writes: JSON-RPC messages, one a line.</param>
    /// <param name="output">What the client reads, in the same form.</param>
    /// <param name="cancellationToken">Ends the connection; the task then completes without an error.</param>
    public static Task RunAsync(IRouterState state, Stream input, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        var tools = new ManagementTools(state);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation
            {
                Name = ManagementModel.ServerName,
                Title = "Mimir",
                Version = typeof(ManagementServer).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (_, _) => new(new ListToolsResult
                { Tools = [.. ManagementToolDefinitions.All], TimeToLive = ListLifetime, CacheScope = CacheScope.Public }),
                CallToolHandler = (request, _) => new(tools.Call(request.Params)),
            },
        };
        return MemoryServer.RunAsync(input, output, options, cancellationToken);
    }
}
