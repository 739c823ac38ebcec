using Mimir.Cli.Terminal;
using Mimir.Configuration;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Permissions;

namespace Mimir.Cli.Views;

/// <summary>The namespaces, as a table for people and as JSON for programs.</summary>
internal static class NamespacesView
{
    /// <summary>Prints the table.</summary>
    public static void WriteTable(CliConsole console, ConfigResult read)
    {
        var table = new TextTable("NAME", "DEFAULT", "UNSPOKEN", "SERVERS", "SOURCE", "DESCRIPTION");
        var permissions = read.Model!.Permissions;
        foreach (var space in permissions.Namespaces)
        {
            table.Add(
                (space.Name, Ink.Bold),
                (space == permissions.Chosen ? "yes" : "", Ink.Good),
                (space.DeniesByDefault ? "denied" : "allowed", Ink.Plain),
                (space.Servers.IsEmpty ? "-" : string.Join(", ", space.Servers), Ink.Plain),
                (Place(read, space) is { } mark ? $"{mark.File}:{mark.Line}" : "", Ink.Plain),
                (space.Description, Ink.Faint));
        }

        table.WriteTo(console);
    }

    /// <summary>
    /// <c>{"namespaces":[{"name","description","servers":[...],"denyByDefault","default","mode","file","line"}]}</c> in configured order. <c>default</c> says whether
    /// clients that choose none are given it; <c>mode</c> is list or meta. Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(ConfigResult read) => JsonText.Build(writer =>
    {
        var permissions = read.Model!.Permissions;
        writer.WriteStartObject();
        writer.WriteStartArray("namespaces");
        foreach (var space in permissions.Namespaces)
        {
            writer.WriteStartObject();
            writer.WriteString("name", space.Name);
            writer.WriteString("description", space.Description);
            writer.WriteStartArray("servers");
            foreach (var server in space.Servers)
            {
                writer.WriteStringValue(server);
            }

            writer.WriteEndArray();
            writer.WriteBoolean("denyByDefault", space.DeniesByDefault);
            writer.WriteBoolean("default", space == permissions.Chosen);
            writer.WriteString("mode", space.IsMeta ? "meta" : "list");
            var mark = Place(read, space);
            writer.WriteString("file", mark?.File);
            writer.WriteNumber("line", mark?.Line ?? 0);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static ConfigMark? Place(ConfigResult read, NamespaceModel space) => read.Tree?.Find("namespaces")?.Value.Find(space.Name)?.Mark;
}
