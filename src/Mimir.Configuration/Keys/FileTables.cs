namespace Mimir.Configuration.Keys;

/// <summary>Which tables make up one kind of file.</summary>
internal static class FileTables
{
    /// <summary>Those of the files besides <c>mimir.json</c> and its like; of each file its top first.</summary>
    public static IReadOnlyList<IReadOnlyList<KeyTable>> Others { get; } = [PluginKeys.All, InventoryKeys.All, ProfileKeys.All];

    /// <summary>The tables that may stand in a file with this one: where a key that stands in the wrong object is looked for.</summary>
    public static IEnumerable<KeyTable> Beside(KeyTable table) => Others.FirstOrDefault(tables => tables.Contains(table)) ?? RouterKeys.All;
}
