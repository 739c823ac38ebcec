namespace Mimir.Cli.Commands;

/// <summary>The names that a shell may complete, read from the files alone. What is wrong in them is passed over.</summary>
internal static class Names
{
    /// <summary>Those of all servers, switched off or not.</summary>
    public static IEnumerable<string> Servers(CliContext context) => Read(context, "mcpServers", "servers");

    /// <summary>Those of all namespaces.</summary>
    public static IEnumerable<string> Namespaces(CliContext context) => Read(context, "namespaces", "namespaces");

    private static IEnumerable<string> Read(CliContext context, string key, string alias)
    {
        var tree = context.Host.Configuration(context.CompletedConfig).ReadNames().Tree;
        return (tree?.Find(key) ?? tree?.Find(alias))?.Value.Members.Select(m => m.Name) ?? [];
    }
}
