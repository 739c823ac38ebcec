namespace Mimir.Configuration.Keys;

/// <summary>Which tables make up one kind of file.</summary>
internal static class FileTables
{
    private static readonly IReadOnlyList<IReadOnlyList<KeyTable>> Others = [PluginKeys.All, InventoryKeys.All, ProfileKeys.All, InstanceKeys.All, McpmuKeys.All, InstanceRouterKeys.All];

    /// <summary>The tables that may stand in a file with this one: where a key that stands in the wrong object is looked for.</summary>
    public static IEnumerable<KeyTable> Beside(KeyTable table) => Others.FirstOrDefault(tables => tables.Contains(table)) ?? RouterKeys.All;
}
