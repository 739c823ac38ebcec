using System.Collections.Immutable;
using System.Text.Json;
using Mimir.Cli.Terminal;
using Mimir.Router.Model.Permissions;

namespace Mimir.Cli.Views;

/// <summary>What a namespace allows and denies, as a table for people and as JSON for programs.</summary>
internal static class PermissionsView
{
    /// <summary>Prints a row for each server.</summary>
    public static void WriteTable(CliConsole console, NamespaceModel space, PermissionsModel permissions)
    {
        var table = new TextTable("SERVER", "UNSPOKEN", "ALLOWED TOOLS", "DENIED TOOLS", "DENIED EVERYWHERE");
        foreach (var server in space.Servers)
        {
            var grant = space.Grants.GetValueOrDefault(server);
            var tools = grant?.Permissions.Tools ?? OfferRules.None;
            table.Add(
                (server, Ink.Bold),
                (IsAllowed(space, grant) ? "allowed" : "denied", Ink.Plain),
                (tools.Allowed.IsDefault ? "-" : Names(tools.Allowed), Ink.Plain),
                (Names(tools.Denied), Ink.Plain),
                (Names(Everywhere(permissions, server).Denied), Ink.Plain));
        }

        table.WriteTo(console);
    }

    /// <summary>
    /// <c>{"namespace","denyByDefault","servers":[{"server","default","tools","prompts","resources","deniedTools"}]}</c>. <c>default</c> is allow, deny or null when
    /// the namespace's own holds; the three kinds are <c>{"allowed","denied"}</c>, <c>allowed</c> null where no list is written; <c>deniedTools</c> is what the
    /// server's own entry denies everywhere. Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(NamespaceModel space, PermissionsModel permissions) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("namespace", space.Name);
        writer.WriteBoolean("denyByDefault", space.DeniesByDefault);
        writer.WriteStartArray("servers");
        foreach (var server in space.Servers)
        {
            var grant = space.Grants.GetValueOrDefault(server);
            var rules = grant?.Permissions ?? ServerPermissions.None;
            writer.WriteStartObject();
            writer.WriteString("server", server);
            writer.WriteString("default", grant?.IsAllowedByDefault is { } allowed ? allowed ? "allow" : "deny" : null);
            WriteRules(writer, "tools", rules.Tools);
            WriteRules(writer, "prompts", rules.Prompts);
            WriteRules(writer, "resources", rules.Resources);
            WriteNames(writer, "deniedTools", Everywhere(permissions, server).Denied);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static OfferRules Everywhere(PermissionsModel permissions, string server) => permissions.Servers.GetValueOrDefault(server)?.Tools ?? OfferRules.None;

    /// <summary>What becomes of a tool of which no list speaks.</summary>
    private static bool IsAllowed(NamespaceModel space, NamespaceGrant? grant) =>
        grant?.IsAllowedByDefault ?? (grant is null || grant.Permissions.Tools.Allowed.IsDefault ? !space.DeniesByDefault : false);

    private static string Names(ImmutableArray<string> names) => names.IsEmpty ? "-" : string.Join(", ", names);

    private static void WriteRules(Utf8JsonWriter writer, string name, OfferRules rules)
    {
        writer.WriteStartObject(name);
        if (rules.Allowed.IsDefault)
        {
            writer.WriteNull("allowed");
        }
        else
        {
            WriteNames(writer, "allowed", rules.Allowed);
        }

        WriteNames(writer, "denied", rules.Denied);
        writer.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter writer, string name, ImmutableArray<string> names)
    {
        writer.WriteStartArray(name);
        foreach (var text in names)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
