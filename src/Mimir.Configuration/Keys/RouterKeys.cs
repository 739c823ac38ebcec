namespace Mimir.Configuration.Keys;

/// <summary>The keys at the top of <c>mimir.json</c>.</summary>
public static class RouterKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("the top of the file", "", [
        new("mcpServers", KeyType.Servers, "The servers by name, in the shape every client uses.")
        {
            Aliases = ["servers"],
            Example = """{ "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/srv"] } }""",
        },
        new("clusters", KeyType.GroupMap, "Who of a cluster's members gets a call, by the names that servers give under cluster.")
        {
            Group = ClusterKeys.Table, Max = 1000,
            Example = """{ "search": { "balancer": "round-robin" } }""",
        },
        new("namespaces", KeyType.GroupMap, "Selections of servers, and of what they offer, that clients are given, by their names: /mcp/NAME.")
        {
            Group = NamespaceKeys.Table, Max = 1000,
            Example = """{ "work": { "servers": ["files"] } }""",
        },
        new("defaultNamespace", KeyType.Text, "The namespace of clients that choose none. Not needed where there is only one.")
        { Min = 1, Max = 64, Example = "\"work\"" },
        new("retry", KeyType.Group, "How a call is sent again that did not run, or does no harm if it runs twice.")
        {
            Group = RetryKeys.Table,
            Example = """{ "maxRetries": 6 }""",
        },
        new("naming", KeyType.Group, "How the names of tools and prompts are made unique.")
        {
            Group = NamingKeys.Table,
            Example = """{ "separator": "_" }""",
        },
        new("limits", KeyType.Group, "The bounds of everything that could grow.")
        {
            Group = LimitsKeys.Table,
            Example = """{ "maxMessageBytes": "16MiB" }""",
        },
        new("management", KeyType.Group, "What Mimir tells its clients of itself.")
        {
            Group = ManagementKeys.Table,
            Example = """{ "tools": true }""",
        },
        new("plugins", KeyType.Group, "Which plugins of the folder plugins/ are run.")
        {
            Group = PluginsKeys.Table,
            Example = """{ "profile": "home" }""",
        },
        new("skills", KeyType.Group, "Where the skills and agents are that clients are given.")
        {
            Group = SkillsKeys.Table,
            Example = """{ "skillsDir": "skills" }""",
        },
        new("memory", KeyType.Group, "What Mimir keeps for models: texts that they save and find through tools.")
        {
            Group = MemoryKeys.Table,
            Example = """{ "backend": "file" }""",
        },
        new("audit", KeyType.Group, "How calls and changes are kept: who did what, and what came of it.")
        {
            Group = AuditKeys.Table,
            Example = """{ "mode": "durable" }""",
        },
        new("include", KeyType.TextList, "Files of other clients whose servers are taken in as they are there: paths, or patterns over them.")
        { Default = "[]", Max = 64, Example = """["~/.cursor/mcp.json"]""" },
        new("$schema", KeyType.Text, "The address of this schema, for editors. Not read.") { Max = 4096, Example = "\"./mimir.schema.json\"" },
        new("inputs", KeyType.TextList, "")
        {
            Use = KeyUse.Refused,
            Instead = "Nobody is asked while servers start: remove inputs, and write ${NAME} to take a value from the environment",
        },
    ]);

    /// <summary>All tables: where a key that stands in the wrong object is looked for.</summary>
    internal static IEnumerable<KeyTable> All =>
    [
        Table, ServerKeys.Table, NamingKeys.Table, LimitsKeys.Table, ServerLimitsKeys.Table,
        RouteKeys.Table, HealthKeys.Table, BreakerKeys.Table, ClusterKeys.Table, RetryKeys.Table, ManagementKeys.Table, AuditKeys.Table,
        NamespaceKeys.Table, PermissionKeys.Table, OverrideKeys.Table, PluginsKeys.Table, SkillsKeys.Table, MemoryKeys.Table,
    ];
}
