using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Views;

/// <summary>The tools, as a table for people and as JSON for programs.</summary>
internal static class ToolsView
{
    /// <summary>Prints the table.</summary>
    public static void WriteTable(CliConsole console, IReadOnlyList<ToolRow> tools)
    {
        var table = new TextTable("NAME", "SERVER", "DESCRIPTION");
        foreach (var tool in tools)
        {
            table.Add((tool.Name, Ink.Bold), (tool.Server, Ink.Plain), (tool.Description, Ink.Plain));
        }

        table.WriteTo(console);
    }

    /// <summary>
    /// <c>{"tools":[{"name","server","era","stale","tool"}]}</c> in the order clients are given them. <c>name</c> is what to call it by,
    /// <c>era</c> is modern or legacy, <c>stale</c> says it is the last that was known, <c>tool</c> is its whole entry in <c>tools/list</c>. Members are added over time and never
    /// change their meaning.
    /// </summary>
    public static string ToJson(IReadOnlyList<ToolRow> tools) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tool.Name);
            writer.WriteString("server", tool.Server);
            writer.WriteString("era", tool.Era == Protocol.Revisions.Era.Modern ? "modern" : "legacy");
            writer.WriteBoolean("stale", tool.IsStale);
            writer.WritePropertyName("tool");
            JsonText.WriteForeign(writer, tool.Definition);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
