namespace Mimir.Configuration.Keys;

/// <summary>The keys of <c>config.json</c> of the router whose instances are <c>data/NAME/mcp_settings.json</c>.</summary>
public static class InstanceRouterKeys
{
    private static readonly KeyTable s_transport = new("a transport", "server.NAME", [
        new("enabled", KeyType.Flag, "Not read: the command line chooses the transport.") { Example = "true" },
        new("port", KeyType.Count, "The port there.") { Min = 1, Max = 65535, Example = "3000" },
    ]);

    private static readonly KeyTable s_server = new("server", "server", [
        new("host", KeyType.Text, "The address there.") { Min = 1, Max = 255, Example = "\"127.0.0.1\"" },
        new("http", KeyType.Group, "Streamable HTTP.") { Group = s_transport, Example = """{ "port": 3000 }""" },
        new("sse", KeyType.Group, "HTTP+SSE.") { Group = s_transport, Example = """{ "port": 3001 }""" },
        new("stdio", KeyType.Group, "stdio.") { Group = s_transport, Example = """{ "enabled": true }""" },
        new("allow_instance_management", KeyType.Flag, "Whether clients may add, remove and switch instances.") { Default = "false", Example = "true" },
    ]);

    private static readonly KeyTable s_api = new("api", "api", [
        new("enabled", KeyType.Flag, "Whether there is a REST API.") { Default = "false", Example = "false" },
        new("port", KeyType.Count, "Its port.") { Min = 1, Max = 65535, Example = "8001" },
        new("host", KeyType.Text, "Its address.") { Min = 1, Max = 255, Example = "\"127.0.0.1\"" },
        new("auto_find_port", KeyType.Flag, "Whether it takes the next free port.") { Example = "true" },
        new("enable_realtime_logs", KeyType.Flag, "Whether it sends log lines.") { Example = "false" },
        new("cors_origin", KeyType.Text, "Whose pages may call it.") { Min = 0, Max = 1024, Example = "\"\"" },
    ]);

    private static readonly KeyTable s_security = new("security", "security", [
        new("bearer_token", KeyType.Text, "What clients have to show; empty for nothing.") { Min = 0, Max = 4096, Example = "\"\"" },
        new("enable_validation", KeyType.Flag, "Whether what comes in is checked.") { Default = "true", Example = "true" },
    ]);

    private static readonly KeyTable s_logging = new("logging", "logging", [
        new("level", KeyType.Text, "How much is logged.") { Min = 1, Max = 16, Example = "\"INFO\"" },
        new("directory", KeyType.Text, "Where to.") { Min = 1, Max = 4096, Example = "\"logs\"" },
        new("format", KeyType.Text, "How a line looks.") { Min = 0, Max = 1024, Example = "\"%(message)s\"" },
    ]);

    private static readonly KeyTable s_client = new("mcp_client", "mcp_client", [
        new("enabled", KeyType.Flag, "Whether instances are connected.") { Default = "true", Example = "true" },
        new("timeout", KeyType.Duration, "How long an instance may take.") { Min = 1000, Max = 3_600_000, Example = "30" },
    ]);

    private static readonly KeyTable s_watcher = new("watcher", "watcher", [
        new("enabled", KeyType.Flag, "Whether files are followed.") { Default = "true", Example = "true" },
        new("watch_path", KeyType.Text, "The folder of the instances.") { Min = 1, Max = 4096, Example = "\"data\"" },
        new("debounce_delay", KeyType.Duration, "How long nothing may have changed.") { Min = 0, Max = 3_600_000, Example = "1.0" },
    ]);

    /// <summary>The rows at the top.</summary>
    public static KeyTable Table { get; } = new("config.json of an instance router", "", [
        new("server", KeyType.Group, "Where it listens, and whether clients may manage instances.") { Group = s_server, Example = """{ "allow_instance_management": false }""" },
        new("api", KeyType.Group, "Its REST API.") { Group = s_api, Example = """{ "enabled": false }""" },
        new("security", KeyType.Group, "What it checks.") { Group = s_security, Example = """{ "bearer_token": "" }""" },
        new("logging", KeyType.Group, "Its log files.") { Group = s_logging, Example = """{ "level": "INFO" }""" },
        new("mcp_client", KeyType.Group, "How it reaches instances.") { Group = s_client, Example = """{ "timeout": 30 }""" },
        new("watcher", KeyType.Group, "How it follows files.") { Group = s_watcher, Example = """{ "watch_path": "data" }""" },
    ]);

    /// <summary>All tables.</summary>
    internal static IReadOnlyList<KeyTable> All { get; } = [Table, s_server, s_transport, s_api, s_security, s_logging, s_client, s_watcher];
}
