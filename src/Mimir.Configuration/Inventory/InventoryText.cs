using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Inventory;

/// <summary>Writes entries for whoever asked for them.</summary>
public static class InventoryText
{
    /// <summary>The fields of which one alone can be had.</summary>
    internal static IReadOnlyList<string> Fields { get; } = ["name", "type", "address", "port", "host"];

    /// <summary>An array of objects with the members that are known: <c>name</c>, <c>type</c>, <c>address</c>, <c>host</c>, <c>port</c>, <c>auth</c>, <c>tags</c>.</summary>
    internal static string Json(IEnumerable<InventoryEntry> entries) => Build(json =>
    {
        json.WriteStartArray();
        foreach (var entry in entries)
        {
            Write(json, entry);
        }

        json.WriteEndArray();
    });

    /// <summary>
    /// One object with the members that are known: <c>{"name","type","address","host","port","auth":{"method","credential_ref"},"tags":[]}</c>.
    /// <c>host</c> is that of a service; <c>credential_ref</c> is the name of a secret and never the secret.
    /// </summary>
    /// <param name="entry">The entry.</param>
    public static string Json(InventoryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Build(json => Write(json, entry));
    }

    /// <summary>One field of each that has it, separated by commas.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="field">One of <see cref="Fields"/>.</param>
    internal static string List(IEnumerable<InventoryEntry> entries, string field) => string.Join(',', entries.Select(entry => field switch
    {
        "name" => entry.Name,
        "type" => entry.Type,
        "address" => entry.Address,
        "port" => entry.Port?.ToString(CultureInfo.InvariantCulture),
        _ => entry.Host,
    }).Where(value => value is not null));

    private static string Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

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
            Write(json, "method", entry.Method);
            Write(json, "credential_ref", entry.CredentialRef);
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
