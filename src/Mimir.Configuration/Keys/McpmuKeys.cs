namespace Mimir.Configuration.Keys;

/// <summary>The keys of <c>config.json</c> of mcpmu.</summary>
public static class McpmuKeys
{
    private const string NotYet = "Signing in to servers is not possible yet: write bearer_token_env_var, or a token under http_headers";

    /// <summary>The rows of a server.</summary>
    public static KeyTable Server { get; } = new("a server", "servers.NAME", [
        new("kind", KeyType.Choice, "How it is reached.")
        { Choices = ["stdio", "streamable_http"], Example = "\"stdio\"" },
        new("command", KeyType.Text, "The program to start.") { Min = 1, Max = 4096, Example = "\"npx\"" },
        new("args", KeyType.TextList, "Its arguments.") { Default = "[]", Max = 1024, Example = "[]" },
        new("cwd", KeyType.Text, "Its working folder.") { Min = 1, Max = 4096, Example = "\"/srv\"" },
        new("env", KeyType.TextMap, "Environment variables for it.") { Default = "{}", Max = 1024, Example = "{}" },
        new("enabled", KeyType.Flag, "Whether it is offered at all.") { Default = "true", Example = "true" },
        new("shared", KeyType.Flag, "Whether all clients have the same process; otherwise each session its own.") { Default = "true", Example = "true" },
        new("autostart", KeyType.Flag, "Whether it starts with Mimir.") { Default = "false", Example = "true" },
        new("url", KeyType.Text, "The address of a server that runs elsewhere.") { Min = 1, Max = 8192, Example = "\"https://example.com/mcp\"" },
        new("bearer_token_env_var", KeyType.Text, "The variable that holds its token.") { Min = 1, Max = 256, Example = "\"API_TOKEN\"" },
        new("http_headers", KeyType.TextMap, "Headers sent to it.") { Default = "{}", Max = 64, Example = "{}" },
        new("env_http_headers", KeyType.TextMap, "Headers sent to it, by the variables that hold their values.") { Default = "{}", Max = 64, Example = """{ "X-Key": "API_KEY" }""" },
        new("startup_timeout_sec", KeyType.Duration, "Longest wait from launch to a finished handshake.") { Min = 100, Max = 3_600_000, Example = "10" },
        new("tool_timeout_sec", KeyType.Duration, "Longest wait for the answer to one request.") { Min = 100, Max = 86_400_000, Example = "60" },
        new("deniedTools", KeyType.TextList, "Tools that nobody may see and call.") { Default = "[]", Max = 1024, Example = """["delete_file"]""" },
        new("oauth", KeyType.Text, "") { Use = KeyUse.Refused, Instead = NotYet },
        new("scopes", KeyType.Text, "") { Use = KeyUse.Refused, Instead = NotYet },
        new("oauth_client_id", KeyType.Text, "") { Use = KeyUse.Refused, Instead = NotYet },
    ])
    { Definition = "server" };

    /// <summary>The rows of a namespace.</summary>
    public static KeyTable Namespace { get; } = new("a namespace", "namespaces.NAME", [
        new("description", KeyType.Text, "What it is for, for people.") { Max = 1024, Example = "\"Everyday work\"" },
        new("serverIds", KeyType.TextList, "The names of its servers.") { Max = 1000, Example = """["files"]""" },
        new("denyByDefault", KeyType.Flag, "Whether what nothing else speaks of is denied in it.") { Default = "false", Example = "true" },
        new("serverDefaults", KeyType.TextMap, "Whether what nothing else speaks of is denied, by servers: true denies.") { Default = "{}", Max = 1000, Example = """{ "files": true }""" },
    ])
    { Definition = "namespace" };

    /// <summary>The rows of one permission.</summary>
    public static KeyTable Permission { get; } = new("a permission", "toolPermissions[]", [
        new("namespace", KeyType.Text, "The namespace.") { Min = 1, Max = 64, Example = "\"work\"" },
        new("server", KeyType.Text, "The server.") { Min = 1, Max = 64, Example = "\"files\"" },
        new("toolName", KeyType.Text, "The tool, by the server's own name.") { Min = 1, Max = 128, Example = "\"read_file\"" },
        new("enabled", KeyType.Flag, "Whether it is allowed, or denied.") { Example = "true" },
    ])
    { Definition = "permission" };

    /// <summary>The rows at the top.</summary>
    public static KeyTable Table { get; } = new("config.json of mcpmu", "", [
        new("servers", KeyType.GroupMap, "The servers by name.") { Group = Server, Max = 1000, Example = """{ "files": { "command": "npx", "args": [] } }""" },
        new("namespaces", KeyType.GroupMap, "Selections of servers.") { Group = Namespace, Max = 1000, Example = """{ "work": { "serverIds": ["files"] } }""" },
        new("toolPermissions", KeyType.GroupList, "Tools that are allowed or denied in a namespace.")
        { Group = Permission, Max = 10_000, Example = """[{ "namespace": "work", "server": "files", "toolName": "read_file", "enabled": true }]""" },
        new("defaultNamespace", KeyType.Text, "The namespace of clients that choose none.") { Min = 1, Max = 64, Example = "\"work\"" },
        .. RouterKeys.Table.Keys.Where(spec => spec.Name is "naming" or "limits" or "$schema"),
        Own("schemaVersion"), Own("lastModified"), Own("daemonMode"), Own("metrics"), Own("mcp_oauth_credentials_store"), Own("mcp_oauth_callback_port"),
    ]);

    /// <summary>All tables.</summary>
    internal static IReadOnlyList<KeyTable> All { get; } = [Table, Server, Namespace, Permission];

    // What the other program notes for itself. Nobody wrote it by hand, so there is nobody to warn.
    private static KeySpec Own(string name) => new(name, KeyType.Values, "Mcpmu's own. Not read.") { Max = 1000, Example = "null" };
}
