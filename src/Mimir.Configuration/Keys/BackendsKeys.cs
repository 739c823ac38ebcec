namespace Mimir.Configuration.Keys;

/// <summary>The keys at the top of a backends file.</summary>
public static class BackendsKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("a backends file", "", [
        new("backends", KeyType.GroupList, "The servers.")
        { Group = BackendKeys.Table, Max = 1000, Example = """[{ "name": "database", "url": "http://localhost:8001" }]""" },
        new("routing", KeyType.Group, "What holds for all of them.")
        { Group = RoutingKeys.Table, Example = """{ "default_strategy": "capability" }""" },
        new("mcpServers", KeyType.Text, "")
        { Aliases = ["servers"], Use = KeyUse.Refused, Instead = "Write them into a mimir.json in the folder of the configuration: both files are read" },
        .. RouterKeys.Table.Keys.Where(spec => spec.Name is "clusters" or "naming" or "limits"),
    ]);
}
