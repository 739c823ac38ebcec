namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>management</c>.</summary>
public static class ManagementKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("management", "management", [
        new("tools", KeyType.Flag, "Whether clients are given Mimir's own tools, which tell how its servers do and where a call would go.")
        {
            Default = "false", Example = "true",
        },
        new("inventory", KeyType.Flag, "Whether clients are told of the inventory, all of it: by tools and by resources.")
        {
            Default = "false", Example = "true",
        },
    ]);
}
