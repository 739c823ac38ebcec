using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Configuration.Keys;

namespace Mimir.Configuration.Schema;

/// <summary>
/// Writes the JSON Schemas (2020-12) of the files from the list of keys. A schema helps an editor; it is somewhat wider than
/// the rules, because it cannot know what variables hold, and never narrower.
/// </summary>
public static class ConfigSchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>The schema of <c>mimir.json</c>: <c>schema/mimir.schema.json</c>.</summary>
    public static string Router() => Write(json =>
    {
        json.WriteString("$schema", Dialect);
        json.WriteString("title", "mimir.json");
        json.WriteString("description", "The configuration of Mimir. Comments and trailing commas are allowed in the file itself.");
        Table(json, RouterKeys.Table);

        json.WriteStartObject("$defs");
        json.WriteStartObject("server");
        json.WriteString("description", "One MCP server: a program to start (command) or an address (url).");
        Table(json, ServerKeys.Table);
        OneWay(json);
        json.WriteEndObject();

        Definition(json, NamingKeys.Table);
        Definition(json, LimitsKeys.Table);
        Definition(json, ServerLimitsKeys.Table);
        Definition(json, RouteKeys.Table);
        Definition(json, HealthKeys.Table);
        Definition(json, BreakerKeys.Table);
        Definition(json, ClusterKeys.Table);
        Definition(json, NamespaceKeys.Table);
        Definition(json, PermissionKeys.Table);
        Definition(json, OverrideKeys.Table);
        Definition(json, RetryKeys.Table);
        Definition(json, ManagementKeys.Table);
        Definition(json, PluginsKeys.Table);
        Definition(json, SkillsKeys.Table);
        Definition(json, MemoryKeys.Table);
        Definition(json, AuditKeys.Table);

        Texts(json);
        json.WriteEndObject();
    });

    /// <summary>The schema of a backends file: <c>schema/backends.schema.json</c>. Null stands for a key that is not written.</summary>
    public static string Backends() => Write(json =>
    {
        json.WriteString("$schema", Dialect);
        json.WriteString("title", "backends.yaml");
        json.WriteString("description", "A list of MCP servers for Mimir.");
        Table(json, BackendsKeys.Table, mayBeNull: true);
        json.WriteStartObject("$defs");
        foreach (var table in new[] { BackendKeys.Table, RoutingKeys.Table, RouteKeys.Table, HealthKeys.Table, BreakerKeys.Table, RetryKeys.Table })
        {
            Definition(json, table, mayBeNull: true);
        }

        Definition(json, ClusterKeys.Table);
        Definition(json, NamingKeys.Table);
        Definition(json, LimitsKeys.Table);
        Definition(json, ServerLimitsKeys.Table);
        Texts(json);
        json.WriteEndObject();
    });

    /// <summary>The schema of <c>servers/NAME.json</c>: <c>schema/mimir.server.schema.json</c>, which refers to the other beside it.</summary>
    public static string Server() => Write(json =>
    {
        json.WriteString("$schema", Dialect);
        json.WriteString("title", "servers/NAME.json");
        json.WriteString("$ref", "mimir.schema.json#/$defs/server");
    });

    /// <summary>The schema of <c>namespaces/NAME.json</c>: <c>schema/mimir.namespace.schema.json</c>, which refers to the other beside it.</summary>
    public static string Namespace() => Write(json =>
    {
        json.WriteString("$schema", Dialect);
        json.WriteString("title", "namespaces/NAME.json");
        json.WriteString("$ref", "mimir.schema.json#/$defs/namespace");
    });

    /// <summary>The schema of <c>plugins/NAME/plugin.toml</c>: <c>schema/plugin.schema.json</c>.</summary>
    public static string Plugin() => File("plugin.toml", "The manifest of a plugin: an MCP server in a folder of its own.", PluginKeys.All);

    /// <summary>The schema of <c>inventory/*.yaml</c>: <c>schema/inventory.schema.json</c>.</summary>
    public static string Inventory() => File("inventory/*.yaml", "Hosts and services that plugins may ask for.", InventoryKeys.All, mayBeNull: true);

    /// <summary>The schema of <c>profiles/*.yaml</c>: <c>schema/profile.schema.json</c>.</summary>
    public static string Profile() => File("profiles/NAME.yaml", "Which plugins are run.", ProfileKeys.All, mayBeNull: true);

    /// <summary>The schema of <c>data/NAME/mcp_settings.json</c>: <c>schema/mcp_settings.schema.json</c>.</summary>
    public static string Instance() => File(
        "data/NAME/mcp_settings.json",
        "One MCP server in a folder of its own, or several under mcpServers.",
        [InstanceKeys.Table, InstanceKeys.Entry, RouteKeys.Table, HealthKeys.Table, BreakerKeys.Table, ServerLimitsKeys.Table]);

    /// <summary>One kind of file: its top first, then what stands in it.</summary>
    private static string File(string title, string description, IReadOnlyList<KeyTable> tables, bool mayBeNull = false) => Write(json =>
    {
        json.WriteString("$schema", Dialect);
        json.WriteString("title", title);
        json.WriteString("description", description);
        Table(json, tables[0], mayBeNull);
        json.WriteStartObject("$defs");
        foreach (var table in tables.Skip(1))
        {
            Definition(json, table, mayBeNull);
        }

        Texts(json);
        json.WriteEndObject();
    });

    private static string Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Texts(Utf8JsonWriter json)
    {
        json.WriteStartObject("expansion");
        json.WriteString("description", "A string with ${NAME} or ${NAME:-default} in it.");
        json.WriteString("type", "string");
        json.WriteString("pattern", @"\$\{");
        json.WriteEndObject();

        json.WriteStartObject("text");
        json.WriteString("description", "A string; a number or boolean stands for its text. ${NAME} and ${NAME:-default} are replaced.");
        Strings(json, "type", ["string", "number", "boolean"]);
        json.WriteEndObject();
    }

    private static void Definition(Utf8JsonWriter json, KeyTable table, bool mayBeNull = false)
    {
        json.WriteStartObject(table.Definition);
        Table(json, table, mayBeNull);
        json.WriteEndObject();
    }

    private static void Table(Utf8JsonWriter json, KeyTable table, bool mayBeNull = false)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        foreach (var spec in table.Keys)
        {
            if (spec.Use == KeyUse.Read)
            {
                Key(json, spec.Name, spec, mayBeNull);
                foreach (var alias in spec.Aliases)
                {
                    Key(json, alias, spec, mayBeNull);
                }
            }
            else if (spec.Use == KeyUse.Ignored)
            {
                json.WriteStartObject(spec.Name);
                json.WriteString("description", $"Has no effect. {spec.Instead}.");
                json.WriteBoolean("deprecated", true);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    private static void Key(Utf8JsonWriter json, string name, KeySpec spec, bool mayBeNull)
    {
        json.WriteStartObject(name);
        json.WriteString("description", name == spec.Name ? spec.Doc : $"The same as {spec.Name}. {spec.Doc}");
        if (spec.Default is not null)
        {
            json.WritePropertyName("default");
            json.WriteRawValue(spec.Default);
        }

        if (mayBeNull)
        {
            json.WriteStartArray("anyOf");
            json.WriteStartObject();
            KeyShape.Write(json, spec);
            json.WriteEndObject();
            json.WriteStartObject();
            json.WriteString("type", "null");
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else
        {
            KeyShape.Write(json, spec);
        }

        json.WriteEndObject();
    }

    /// <summary>Exactly one of command and the spellings of url.</summary>
    private static void OneWay(Utf8JsonWriter json)
    {
        json.WriteStartArray("oneOf");
        foreach (var name in new[] { "command", "url", "app" })
        {
            foreach (var spelling in ServerKeys.Table.Find(name)!.Aliases.Prepend(name))
            {
                json.WriteStartObject();
                Strings(json, "required", [spelling]);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter json, string name, ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
