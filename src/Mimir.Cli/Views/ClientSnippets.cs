using System.Text.Json;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Views;

/// <summary>
/// Makes the snippets. Clients that speak HTTP are given the endpoint; Claude Desktop starts commands, so it is given the command
/// that serves the same configuration on stdin and stdout.
/// </summary>
internal static class ClientSnippets
{
    private const string Name = "mimir";

    /// <summary>All snippets, most asked for first.</summary>
    /// <param name="endpoint">The URL of the running router.</param>
    /// <param name="environment">Knows how this program is started.</param>
    /// <param name="config">The configuration to name, absolute, or null when the default place is in use.</param>
    public static IReadOnlyList<ClientSnippet> Create(Uri endpoint, CliEnvironment environment, string? config) =>
    [
        new("Claude Desktop", "claude_desktop_config.json (Settings > Developer > Edit Config)", Desktop(environment, config)),
        new("Claude Code", "run", $"claude mcp add --transport http {Name} {endpoint}"),
        new("Cursor", "~/.cursor/mcp.json", JsonText.Build(w => Server(w, "mcpServers", () => w.WriteString("url", endpoint.ToString())))),
        new("VS Code", ".vscode/mcp.json", JsonText.Build(w => Server(w, "servers", () =>
        {
            w.WriteString("type", "http");
            w.WriteString("url", endpoint.ToString());
        }))),
    ];

    private static string Desktop(CliEnvironment environment, string? config) => JsonText.Build(w => Server(w, "mcpServers", () =>
    {
        w.WriteString("command", environment.SelfCommand[0]);
        w.WriteStartArray("args");
        foreach (var word in environment.SelfCommand.Skip(1))
        {
            w.WriteStringValue(word);
        }

        w.WriteStringValue("serve");
        if (config is not null)
        {
            w.WriteStringValue("--config");
            w.WriteStringValue(config);
        }

        w.WriteEndArray();

        // A desktop program does not inherit the shell's environment, and without this one our host may not find .NET.
        if (environment.Variable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            w.WriteStartObject("env");
            w.WriteString("DOTNET_ROOT", root);
            w.WriteEndObject();
        }
    }));

    private static void Server(Utf8JsonWriter writer, string table, Action members)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(table);
        writer.WriteStartObject(Name);
        members();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
