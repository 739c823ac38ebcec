using System.Collections.Immutable;
using System.Net;
using Mimir.Configuration;
using Mimir.Configuration.Inventory;
using Mimir.Configuration.Model;
using Mimir.Http.Guards;
using Mimir.Management.Inventory;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;

namespace Mimir.Cli.Composition;

/// <summary>Brings the inventory of the configuration to those who may ask for it: plugins, and clients where the operator wants it.</summary>
internal sealed class InventoryDesk
{
    private const string DoorPath = "/inventory";
    private readonly InventoryShelf _shelf = new();
    private readonly InventoryPasses _passes = new();
    private readonly InventoryBridge _bridge;

    /// <param name="processes">Starts processes.</param>
    public InventoryDesk(IProcessHost processes)
    {
        _bridge = new InventoryBridge(processes, _shelf, _passes);
        Door = new KeyedDoor(DoorPath, pass => _passes.Find(pass) is { } plugin && _shelf.Of(plugin) is not null ? InventoryServer.NameFor(plugin) : null);
    }

    /// <summary>Starts processes, those of plugins with what they need to ask.</summary>
    public IProcessHost Processes => _bridge;

    /// <summary>Where plugins ask.</summary>
    public KeyedDoor Door { get; }

    /// <summary>There will be a listener: plugins are not started before it is known where.</summary>
    public void Expect() => _bridge.Expect();

    /// <summary>The listener is there.</summary>
    public void Open(IPEndPoint address) => _bridge.Open(new Uri($"http://{address}{DoorPath}"));

    /// <summary>Takes over what the configuration says of the inventory, and adds to a model the servers that answer.</summary>
    public RouterModel AddTo(RouterModel model, ConfigResult config)
    {
        var plugins = ImmutableDictionary<string, InventoryContent>.Empty;
        foreach (var plugin in config.Plugins.Plugins)
        {
            plugins = plugin.Inventory is { } own ? plugins.SetItem(plugin.Name, Content(own)) : plugins;
        }

        if (plugins.IsEmpty && !model.Management.HasInventory && !_shelf.Plugins.Any())
        {
            // As in most configurations; a start is not to pay for what they have not.
            return model;
        }

        _shelf.Replace(Content(config.Plugins.Inventory), plugins);
        return InventoryServer.AddTo(model, _shelf);
    }

    /// <summary>The server of a name; null when it is none of these.</summary>
    public InProcessServer? Find(string name) => InventoryServer.Find(name, _shelf) is { } read
        ? (input, output, stop) => InventoryServer.RunAsync(_shelf, read, input, output, stop)
        : null;

    private static InventoryContent Content(InventoryBook book) => new([.. book.Hosts.Select(Item)], [.. book.Services.Select(Item)]);

    private static InventoryItem Item(InventoryEntry entry) => new(entry.Name, entry.Type, entry.Host, entry.Tags, InventoryText.Json(entry));
}
