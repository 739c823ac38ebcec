using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Setup;

namespace Mimir.Configuration.Editing;

/// <summary>Adds to the inventory: each host and each service has a file of its own, so that none that was written by hand is changed.</summary>
public static class InventoryEdits
{
    private const int MostText = 255, MostTags = 64;
    private static readonly JsonWriterOptions Wide = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Adds a host.</summary>
    /// <param name="draft">The change.</param>
    /// <param name="host">Name, type, address; and what else is known.</param>
    /// <exception cref="ConfigEditException">Something in it is not what it has to be, or the name is taken.</exception>
    public static void AddHost(ConfigDraft draft, SetupChange host)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(host);
        Add(draft, host, "host", "hosts", draft.Now.Plugins.Inventory.Hosts.Any(h => h.Name == host.Name), json => Text(json, "address", "address", host.Address));
    }

    /// <summary>Adds a service.</summary>
    /// <param name="draft">The change.</param>
    /// <param name="service">Name, type, host; and what else is known.</param>
    /// <exception cref="ConfigEditException">Something in it is not what it has to be, the name is taken, or there is no such host.</exception>
    public static void AddService(ConfigDraft draft, SetupChange service)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(service);
        Add(draft, service, "service", "services", draft.Now.Plugins.Inventory.Services.Any(s => s.Name == service.Name), json => Text(json, "host_ref", "host", service.Host));
    }

    private static void Add(ConfigDraft draft, SetupChange entry, string word, string list, bool isTaken, Action<Utf8JsonWriter> where)
    {
        if (EntryNames.Fault(entry.Name) is { } fault)
        {
            throw ConfigDraft.Refused($"A {word} cannot have this name: {fault}.");
        }

        if (!entry.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw ConfigDraft.Refused($"A {word} cannot have this name: it has to have letters, digits, hyphens, underscores and dots only.");
        }

        var path = Path.Combine(ConfigFiles.InventoryName, $"{word}-{entry.Name}.yaml");
        if (isTaken || Path.Exists(draft.PathOf(path)))
        {
            throw ConfigDraft.Refused($"There is a {word} {Legible.Text(entry.Name)} in the inventory already. Take another name, or change that one by hand.");
        }

        var buffer = new ArrayBufferWriter<byte>();

        // JSON is YAML as well, and nothing in a text can break out of it.
        using (var json = new Utf8JsonWriter(buffer, Wide))
        {
            json.WriteStartObject();
            json.WriteStartArray(list);
            json.WriteStartObject();
            Text(json, "name", "name", entry.Name);
            Text(json, "type", "type", entry.Type);
            where(json);
            if (entry.Port is { } port)
            {
                json.WriteNumber("port", port);
            }

            if (entry.CredentialRef is not null || entry.Method is not null)
            {
                json.WriteStartObject("auth");
                Text(json, "method", "auth_method", entry.Method ?? "token");
                if (entry.CredentialRef is not null)
                {
                    Text(json, "credential_ref", "credential_ref", entry.CredentialRef);
                }

                json.WriteEndObject();
            }

            if (entry.Tags.Length > 0)
            {
                Tags(json, entry);
            }

            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        draft.Write(path, [.. buffer.WrittenSpan, (byte)'\n']);
    }

    private static void Tags(Utf8JsonWriter json, SetupChange entry)
    {
        if (entry.Tags.Length > MostTags)
        {
            throw ConfigDraft.Refused($"tags has {entry.Tags.Length} entries. Write at most {MostTags}.");
        }

        json.WriteStartArray("tags");
        foreach (var tag in entry.Tags)
        {
            json.WriteStringValue(Checked("tags", tag));
        }

        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string key, string argument, string? text) => json.WriteString(key, Checked(argument, text));

    /// <summary>Whoever may add to the inventory is not to read variables and secrets by it, nor to write what shows as something else.</summary>
    private static string Checked(string argument, string? text) =>
        string.IsNullOrWhiteSpace(text) ? throw ConfigDraft.Refused($"{argument} is missing or empty.")
        : text[0] == '-' ? throw ConfigDraft.Refused($"{argument} begins with a hyphen, and a program that is given it could take it for an option. Write it without.")
        : text.Length > MostText ? throw ConfigDraft.Refused($"{argument} has {text.Length} characters. Write at most {MostText}.")
        : text.EnumerateRunes().Any(Legible.IsInvisible) ? throw ConfigDraft.Refused($"{argument} holds a control character or an invisible one. Write it without.")
        : Expander.Holds(text) ? throw ConfigDraft.Refused($"{argument} refers to a variable ({Legible.Text(text)}), which only a file written by hand may. Write the value itself.")
        : text;
}
