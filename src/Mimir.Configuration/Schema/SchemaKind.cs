namespace Mimir.Configuration.Schema;

/// <summary>A kind of file that there is a JSON Schema of.</summary>
/// <param name="Name">A word for it.</param>
/// <param name="Of">What such files are called.</param>
/// <param name="File">The name of the schema's file in <c>schema/</c>.</param>
/// <param name="Write">Makes the schema's text.</param>
public sealed record SchemaKind(string Name, string Of, string File, Func<string> Write)
{
    /// <summary>All of them, the main one first.</summary>
    public static IReadOnlyList<SchemaKind> All { get; } =
    [
        new("mimir", "mimir.json", "mimir.schema.json", ConfigSchema.Router),
        new("server", "servers/NAME.json", "mimir.server.schema.json", ConfigSchema.Server),
        new("namespace", "namespaces/NAME.json", "mimir.namespace.schema.json", ConfigSchema.Namespace),
        new("backends", "backends.yaml", "backends.schema.json", ConfigSchema.Backends),
        new("plugin", "plugins/NAME/plugin.toml", "plugin.schema.json", ConfigSchema.Plugin),
        new("inventory", "inventory/*.yaml", "inventory.schema.json", ConfigSchema.Inventory),
        new("profile", "profiles/NAME.yaml", "profile.schema.json", ConfigSchema.Profile),
        new("instance", "data/NAME/mcp_settings.json", "mcp_settings.schema.json", ConfigSchema.Instance),
    ];
}
