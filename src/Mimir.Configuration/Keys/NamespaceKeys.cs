namespace Mimir.Configuration.Keys;

/// <summary>The keys of one entry of <c>namespaces</c>.</summary>
public static class NamespaceKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("a namespace", "namespaces.NAME", [
        new("description", KeyType.Text, "What it is for, for people.")
        { Max = 1024, Example = "\"Everyday work\"" },
        new("servers", KeyType.TextList, "The names of its servers; no other server is seen in it. mimir stands for Mimir's own tools.")
        { Aliases = ["serverIds"], Max = 1000, Example = """["files"]""" },
        new("denyByDefault", KeyType.Flag, "Whether what nothing else speaks of is denied in it.")
        { Aliases = ["deny_by_default"], Default = "false", Example = "true" },
        new("permissions", KeyType.GroupMap, "What it allows and denies of its servers, by their names.")
        { Group = PermissionKeys.Table, Max = 1000, Example = """{ "files": { "default": "deny", "allowedTools": ["read_*"] } }""" },
        new("overrides", KeyType.GroupList, "What it shows of tools instead of what their servers say: other names, other descriptions, arguments that are set and hidden.")
        { Group = OverrideKeys.Table, Max = 1000, Example = """[{ "server": "files", "tool": "read_file", "name": "read_note" }]""" },
        new("mode", KeyType.Choice, "How tools are given: list each by itself, meta by four tools that list, explain, choose and call them, for clients that choke on long lists.")
        { Choices = ["list", "meta"], Default = "\"list\"", Example = "\"meta\"" },
        new("default", KeyType.Flag, "Whether it is the namespace of clients that choose none, as defaultNamespace says of one. One namespace at most says so.")
        { Default = "false", Example = "true" },
        new("$schema", KeyType.Text, "The address of this schema, for editors. Not read.") { Max = 4096, Example = "\"../mimir.namespace.schema.json\"" },
    ])
    { Definition = "namespace" };
}
