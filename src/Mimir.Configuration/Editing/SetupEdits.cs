using Mimir.Configuration.Inventory;
using Mimir.Configuration.Model;
using Mimir.Router.Setup;

namespace Mimir.Configuration.Editing;

/// <summary>Turns a change that somebody asked for into one of the configuration.</summary>
public static class SetupEdits
{
    /// <summary>
    /// Whether a change leads to something being started or reached that is not now, whatever else is configured: then nobody but the operator makes it.
    /// Hosts and services may or may not; that shows when they are added.
    /// </summary>
    public static bool AlwaysStarts(SetupChangeKind kind) => kind is SetupChangeKind.InstallPlugin or SetupChangeKind.ScaffoldPlugin or SetupChangeKind.EnablePlugin
        or SetupChangeKind.AddServer or SetupChangeKind.EnableServer;

    /// <summary>Makes it, but for those that fetch, write or remove folders of plugins.</summary>
    /// <param name="draft">The change.</param>
    /// <param name="change">What is wanted.</param>
    /// <returns>False when it was so already.</returns>
    /// <exception cref="ConfigEditException">It cannot be made.</exception>
    public static bool Make(ConfigDraft draft, SetupChange change)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(change);
        switch (change.Kind)
        {
            case SetupChangeKind.AddHost:
                InventoryEdits.AddHost(draft, change);
                return true;
            case SetupChangeKind.AddService:
                InventoryEdits.AddService(draft, change);
                return true;
            case SetupChangeKind.EnablePlugin or SetupChangeKind.DisablePlugin:
                return PluginEdits.Switch(draft, change.Name, change.Kind == SetupChangeKind.EnablePlugin);
            case SetupChangeKind.AddServer:
                ServerEdits.Add(draft, change.Name, new ServerDraft { Command = change.Command, Arguments = change.Arguments, Environment = change.Environment, Url = change.Url });
                return true;
            case SetupChangeKind.RemoveServer:
                ServerEdits.Remove(draft, change.Name);
                return true;
            case SetupChangeKind.EnableServer or SetupChangeKind.DisableServer:
                return ServerEdits.Switch(draft, change.Name, change.Kind == SetupChangeKind.EnableServer);
            default:
                throw new ArgumentException($"{change.Kind} is no change of the configuration alone.", nameof(change));
        }
    }

    /// <summary>
    /// What would be started or reached that is not now, or with something else than now: the servers that are new or changed, and the plugins that run
    /// and would be told of other hosts or services when they ask, for they go there with what secrets they have.
    /// </summary>
    /// <param name="now">What is configured.</param>
    /// <param name="would">What would be.</param>
    /// <returns>Their names; null when it cannot be known, for one of the two has errors.</returns>
    public static IReadOnlyList<string>? Starts(ConfigResult now, ConfigResult would)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(would);
        return now.Model is null || would.Model is null ? null
            : [.. would.Model.Servers.Where(s => !now.Model.Servers.Any(b => b.Name == s.Name && b.Equals(s))).Select(s => s.Name)
                .Union(would.Plugins.Plugins.Where(p => p.Inventory is { } told && !now.Plugins.Plugins.Any(b => b.File == p.File && b.Inventory is { } before && IsAlike(told, before))).Select(p => p.Name), StringComparer.Ordinal)];
    }

    private static bool IsAlike(InventoryBook a, InventoryBook b) => InventoryText.Json(a.Hosts) == InventoryText.Json(b.Hosts) && InventoryText.Json(a.Services) == InventoryText.Json(b.Services);
}
