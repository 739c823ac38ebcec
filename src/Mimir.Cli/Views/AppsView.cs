using System.Globalization;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Views;

/// <summary>Apps with MCP servers inside, as a table for people and as JSON for programs.</summary>
internal static class AppsView
{
    /// <summary>Prints the table, and what to do with those that no server is.</summary>
    public static void Write(CliConsole console, IReadOnlyList<AppRow> apps)
    {
        var table = new TextTable("APP", "ADDRESS", "PROCESS", "SERVERS");
        foreach (var app in apps)
        {
            table.Add(
                (SafeText.Line(app.Name), Ink.Bold),
                app.Pid is null ? ("does not run", Ink.Warning) : (app.Address ?? "comes by itself", Ink.Plain),
                (app.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-", Ink.Plain),
                (app.Servers.Count == 0 ? "-" : string.Join(", ", app.Servers), Ink.Plain));
        }

        table.WriteTo(console);
        foreach (var app in apps.Where(static a => a.Servers.Count == 0))
        {
            console.Error.WriteLine($"To serve it: {app.Offer}");
        }
    }

    /// <summary><c>{"apps":[{"name","address","pid","needsToken","servers":[...]}]}</c>; <c>pid</c> is null while it does not run; <c>address</c> then, and of an app that comes to routers by itself. Members are added over time and never change their meaning.</summary>
    public static string ToJson(IReadOnlyList<AppRow> apps) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("apps");
        foreach (var app in apps)
        {
            writer.WriteStartObject();
            writer.WriteString("name", app.Name);
            writer.WriteString("address", app.Address);
            if (app.Pid is { } pid) writer.WriteNumber("pid", pid);
            else writer.WriteNull("pid");
            writer.WriteBoolean("needsToken", app.NeedsToken);
            writer.WriteStartArray("servers");
            foreach (var server in app.Servers)
            {
                writer.WriteStringValue(server);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
