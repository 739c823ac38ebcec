using System.Globalization;
using Mimir.Management.Serving;
using Mimir.Router.Model;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Management.Memory;

/// <summary>
/// The MCP server of the memory: tools to save, find, change and delete texts. It runs inside the program, and its calls pass through the
/// router as those to any server: permissions, namespaces and the audit log apply.
/// </summary>
public static class MemoryToolServer
{
    // The tools are fixed as long as the connection, so a client may keep the list; an hour is long enough to matter.
    private static readonly TimeSpan ListLifetime = TimeSpan.FromHours(1);

    /// <summary>Adds the server to a model that keeps texts, behind all others.</summary>
    /// <param name="model">What the configuration says.</param>
    /// <returns>The same model when it keeps none.</returns>
    public static RouterModel AddTo(RouterModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return !model.Memory.IsKept ? model : model with
        {
            Servers = model.Servers.Add(new ServerModel
            {
                Name = MemoryModel.ServerName,
                Prefix = "",
                IsOwn = true,

                // Each call reads the file: together they are not to hold it in memory many times.
                MaxConcurrent = 8,
                MaxQueued = 1024,
                Stamp = model.Memory.MaxEntryBytes.ToString(CultureInfo.InvariantCulture),
                Transport = new InProcessModel(MemoryModel.ServerName),
            }),
        };
    }

    /// <summary>Serves one connection, in whichever era its client speaks.</summary>
    /// <param name="model">Gives what the configuration says now.</param>
    /// <param name="usual">Full path of the file where it names none; null without a home.</param>
    /// <param name="say">Takes sentences for the operator.</param>
    /// <param name="input">What the client writes: JSON-RPC messages, one a line.</param>
    /// <param name="output">What the client reads, in the same form.</param>
    /// <param name="cancellationToken">Ends the connection; the task then completes without an error.</param>
    public static Task RunAsync(Func<MemoryModel> model, string? usual, Action<string> say, Stream input, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var tools = new MemoryTools(() => new MemoryPlace(model(), usual, TimeProvider.System), say);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation
            {
                Name = "mimir-memory",
                Title = "Memory",
                Version = typeof(MemoryToolServer).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (_, _) => new(new ListToolsResult
                { Tools = [.. MemoryToolDefinitions.All(model())], TimeToLive = ListLifetime, CacheScope = CacheScope.Public }),
                CallToolHandler = (request, stop) => new(tools.CallAsync(request.Params, stop)),
            },
        };
        return MemoryServer.RunAsync(input, output, options, cancellationToken);
    }
}
