using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mimir.Configuration.Inventory;

/// <summary>Writes entries for whoever asked for them.</summary>
internal static class InventoryText
{
    /// <summary>The fields of which one alone can be had.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["name", "type", "address", "port", "host"];

    /// <summary>An array of objects with the members that are known: <c>name</c>, <c>type</c>, <c>address</c>, <c>host</c>, <c>port</c>, <c>auth</c>, <c>tags</c>.</summary>
    public static string Json(IEnumerable<InventoryEntry> entries)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var entry in entries)
            {
                Write(json, entry);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>One field of each that has it, separated by commas.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="field">One of <see cref="Fields"/>.</param>
    public static string List(IEnumerable<InventoryEntry> entries, string field) => string.Join(',', entries.Select(entry => field switch
    {
        "name" => entry.Name,
        "type" => entry.Type,
        "address" => entry.Address,
        "port" => entry.Port?.ToString(CultureInfo.InvariantCulture),
        _ => entry.Host,
    }).Where(value => value is not null));

    private static void Write(Utf8JsonWriter json, InventoryEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteString("type", entry.Type);
        json.WriteString("address", entry.Address);
        if (entry.Host is not null)
        {
            json.WriteString("host", entry.Host);
        }

        if (entry.Port is { } port)
        {
            json.WriteNumber("port", port);
        }

        if (entry.Method is not null || entry.CredentialRef is not null)
        {
            json.WriteStartObject("auth");
            json.WriteString("method", entry.Method);
            json.WriteString("credential_ref", entry.CredentialRef);
            json.WriteEndObject();
        }

        json.WriteStartArray("tags");
        foreach (var tag in entry.Tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
