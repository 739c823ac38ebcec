using Mimir.Router.Model;
using Mimir.Router.Upstreams;

namespace Mimir.Management.Inventory;

/// <summary>
/// Starts the processes of plugins that may ask for something of the inventory with what they need to ask: the address of the door and a pass.
/// All others, and all where no door is, are started as they are. Thread-safe.
/// </summary>
/// <param name="inner">Starts processes.</param>
/// <param name="shelf">Who may know what.</param>
/// <param name="passes">Where passes are made.</param>
public sealed class InventoryBridge(IProcessHost inner, InventoryShelf shelf, InventoryPasses passes) : IProcessHost
{
    /// <summary>The variable that holds the address.</summary>
    public const string UrlVariable = "MIMIR_INVENTORY_URL";

    /// <summary>The variable that holds the pass.</summary>
    public const string TokenVariable = "MIMIR_INVENTORY_TOKEN";

    private volatile TaskCompletionSource<Uri>? _door;

    /// <summary>There will be a door: plugins are not started before it is known where.</summary>
    public void Expect() => _door ??= new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The door is there.</summary>
    /// <param name="address">Its address.</param>
    public void Open(Uri address)
    {
        Expect();
        _door!.TrySetResult(address);
    }

    /// <inheritdoc/>
    public async ValueTask<IChildProcess> StartAsync(string name, StdioModel model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_door is not { } door || shelf.Of(name) is null)
        {
            return await inner.StartAsync(name, model, cancellationToken).ConfigureAwait(false);
        }

        var address = await door.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        var pass = passes.Issue(name);
        try
        {
            var child = await inner.StartAsync(
                name,
                model with
                {
                    Environment = model.Environment.SetItem(UrlVariable, address.ToString()).SetItem(TokenVariable, pass),
                    Secrets = model.Secrets.Add(pass),
                },
                cancellationToken).ConfigureAwait(false);
            _ = RevokeAsync(child, pass);
            return child;
        }
        catch
        {
            passes.Revoke(pass);
            throw;
        }
    }

    private async Task RevokeAsync(IChildProcess child, string pass)
    {
        await child.Exited.ConfigureAwait(false);
        passes.Revoke(pass);
    }
}
