using System.Text.Json;
using Mimir.Router.Setup;

namespace Mimir.Management.Setup;

/// <summary>Writes what is told of plugins.</summary>
internal static class PluginViews
{
    /// <summary>What the seeds' own tools say of one: name, version, status, and what is missing.</summary>
    public static void WriteStatus(Utf8JsonWriter json, SetupPlugin plugin)
    {
        json.WriteStartObject();
        json.WriteString("name", plugin.Name);
        json.WriteString("version", plugin.Version);
        json.WriteString("status", plugin.Status);
        if (plugin.Description.Length > 0)
        {
            json.WriteString("description", plugin.Description);
        }

        if (plugin.Reason.Length > 0)
        {
            json.WriteString("reason", plugin.Reason);
        }

        WriteMissing(json, plugin);
        json.WriteEndObject();
    }

    /// <summary>What is missing: <c>[{kind, detail, missing, prompt}]</c>.</summary>
    public static void WriteMissing(Utf8JsonWriter json, SetupPlugin plugin)
    {
        json.WriteStartArray("missing");
        foreach (var need in plugin.Missing)
        {
            json.WriteStartObject();
            json.WriteString("kind", need.Kind);
            json.WriteString("detail", need.Detail);
            json.WriteNumber("missing", need.Count);
            json.WriteString("prompt", need.Prompt);
            json.WriteString("next_tool", ToolFor(need));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Which tool supplies something.</summary>
    public static string ToolFor(SetupNeed need) => need.Kind == "credential" ? CredentialWork.Tool : "router_add_host";
}
