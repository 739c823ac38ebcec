namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>management</c>.</summary>
public static class ManagementKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("management", "management", [
        new("tools", KeyType.Flag, "Whether clients are given Mimir's own tools, which tell how its servers do, where a call would go, and what is set up and what is missing. Where there are plugins, those of setting up are given unless this is false.")
        {
            Default = "false", Example = "true",
        },
        new("changes", KeyType.Flag, "Whether these tools may change anything. What leads to a command being started waits for the operator all the same: mimir approve.")
        {
            Default = "false", Example = "true",
        },
        new("policy", KeyType.TextMap, "What single tools may do, by patterns over their names, the first that fits: allow, confirm or deny. With confirm a change waits for the operator; a tool that is denied is not listed.")
        {
            Default = "{}", Max = 100, Example = """{ "router_remove_plugin": "deny", "router_add_*": "confirm" }""",
        },
        new("families", KeyType.TextList, "Tools that are given as well, by the names that users of other routers know: mcpmu, mcp.router.")
        {
            Default = "[]", Max = 2, Example = """["mcpmu", "mcp.router"]""",
        },
        new("inventory", KeyType.Flag, "Whether clients are told of the inventory, all of it: by tools and by resources.")
        {
            Default = "false", Example = "true",
        },
    ]);
}
