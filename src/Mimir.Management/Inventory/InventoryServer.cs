using Mimir.Management.Serving;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Management.Inventory;

/// <summary>
/// The MCP server of the inventory: the tools <c>inventory_hosts</c>, <c>inventory_services</c> and <c>inventory_summary</c>, and the resources
/// <c>inventory://hosts</c>, <c>inventory://services</c>, <c>inventory://summary</c>, <c>inventory://hosts/NAME</c> and <c>inventory://services/NAME</c>.
/// It runs inside the program, once for clients that are given all of the inventory and once for each plugin that may ask for some of it.
/// It changes nothing and knows no secret.
/// </summary>
public static class InventoryServer
{
    // A slash is in no name that an operator can give a server.
    private const string OfPlugins = ManagementModel.InventoryName + "/";

    /// <summary>The name of the server that answers a plugin.</summary>
    public static string NameFor(string plugin) => OfPlugins + plugin;

    /// <summary>Adds the servers to a model: that of clients where it wants it, and one for each plugin on the shelf.</summary>
    /// <param name="model">What the configuration says.</param>
    /// <param name="shelf">Who may know what.</param>
    /// <returns>The same model when there is nobody to answer.</returns>
    public static RouterModel AddTo(RouterModel model, InventoryShelf shelf)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(shelf);
        if (model.Management.HasInventory)
        {
            model = model with { Servers = model.Servers.Add(Server(ManagementModel.InventoryName)) };
        }

        foreach (var plugin in shelf.Plugins.Order(StringComparer.Ordinal))
        {
            model = model with { Servers = model.Servers.Add(Server(NameFor(plugin)) with { IsApart = true }) };
        }

        return model;
    }

    /// <summary>Finds the server of a name.</summary>
    /// <param name="name">The name that <see cref="AddTo"/> gave it.</param>
    /// <param name="shelf">Who may know what.</param>
    /// <returns>Whether it is one of these, and what its client may know at any moment.</returns>
    public static Func<InventoryContent>? Find(string name, InventoryShelf shelf)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shelf);
        return name == ManagementModel.InventoryName ? () => shelf.Whole
            : name.StartsWith(OfPlugins, StringComparison.Ordinal) ? () => shelf.Of(name[OfPlugins.Length..]) ?? InventoryContent.Empty
            : null;
    }

    /// <summary>Serves one connection.</summary>
    /// <param name="shelf">Told by it of changes.</param>
    /// <param name="read">What the client may know now.</param>
    /// <param name="input">What the client writes: JSON-RPC messages, one a line.</param>
    /// <param name="output">What the client reads, in the same form.</param>
    /// <param name="cancellationToken">Ends the connection; the task then completes without an error.</param>
    public static async Task RunAsync(InventoryShelf shelf, Func<InventoryContent> read, Stream input, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shelf);
        ArgumentNullException.ThrowIfNull(read);
        var session = new InventorySession(read);
        shelf.Replaced += session.Look;
        try
        {
            await MemoryServer.RunAsync(input, output, Options(session), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            shelf.Replaced -= session.Look;
        }
    }

    /// <summary>It speaks the one revision in which it can say that a resource holds something else now to whoever subscribed; the router bridges the others.</summary>
    private static ServerModel Server(string name) => new()
    {
        Name = name,
        Prefix = "",
        IsOwn = true,
        Pin = Revision.LatestLegacy,
        Transport = new InProcessModel(name),
    };

    private static McpServerOptions Options(InventorySession session) => new()
    {
        ServerInfo = new Implementation
        {
            Name = "mimir-inventory",
            Title = "Inventory",
            Version = typeof(InventoryServer).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
        },
        ServerInstructions = "The hosts and services that the operator of this router wrote down. Where one has a credential_ref, that is the name of a secret and not the secret.",
        Capabilities = new ServerCapabilities { Tools = new ToolsCapability(), Resources = new ResourcesCapability { Subscribe = true } },
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = static (_, _) => new(new ListToolsResult { Tools = [.. InventoryToolDefinitions.All] }),
            CallToolHandler = session.CallAsync,
            ListResourcesHandler = static (_, _) => new(new ListResourcesResult { Resources = [.. InventoryResources.All] }),
            ListResourceTemplatesHandler = static (_, _) => new(new ListResourceTemplatesResult { ResourceTemplates = [.. InventoryResources.Templates] }),
            ReadResourceHandler = session.ReadAsync,
            SubscribeToResourcesHandler = session.SubscribeAsync,
            UnsubscribeFromResourcesHandler = session.UnsubscribeAsync,
        },
    };
}
