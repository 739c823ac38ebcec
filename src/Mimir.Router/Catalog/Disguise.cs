using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Catalog;

/// <summary>What is shown of one tool instead of what its server says. Thread-safe.</summary>
/// <param name="model">What is wanted.</param>
internal sealed class Disguise(ToolOverride model)
{
    private readonly ConditionalWeakTable<CatalogEntry, CatalogEntry> _worn = [];
    private readonly FixedArguments? _fixed = model.Arguments.IsEmpty ? null : new FixedArguments(model.Arguments);

    /// <summary>The whole name that clients see, or null for what is made as ever.</summary>
    public string? Name => model.Name;

    /// <summary>The tool as clients see it, always the same one; its own name stands in it as ever.</summary>
    public CatalogEntry Over(CatalogEntry entry) => _worn.GetValue(entry, Make);

    private CatalogEntry Make(CatalogEntry entry)
    {
        var json = model.Description is null && _fixed is null ? entry.Json : Rewrite(entry.Json);
        return new CatalogEntry(json, EntryKey.Find(json, ListKind.Tools, out _).At, entry.Key)
        {
            Parameters = entry.Parameters,
            WrapsOutput = entry.WrapsOutput,
            IsIdempotent = entry.IsIdempotent,
            Tasks = entry.Tasks,
            Fixed = _fixed,
            Alias = model.Name,
        };
    }

    private byte[] Rewrite(byte[] tool)
    {
        using var document = JsonDocument.Parse(tool, new JsonDocumentOptions { MaxDepth = 128 });
        var output = new ArrayBufferWriter<byte>(tool.Length + 256);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.NameEquals("description"u8) && model.Description is not null)
                {
                    continue;
                }

                json.WritePropertyName(member.Name);
                if (member.NameEquals("inputSchema"u8) && _fixed is not null)
                {
                    WriteSchema(json, member.Value);
                }
                else
                {
                    Copy(json, member.Value);
                }
            }

            if (model.Description is not null)
            {
                json.WriteString("description"u8, model.Description);
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The schema without the arguments that are not the client's to give.</summary>
    private void WriteSchema(Utf8JsonWriter json, JsonElement schema)
    {
        json.WriteStartObject();
        foreach (var member in schema.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (member.NameEquals("properties"u8) && member.Value.ValueKind == JsonValueKind.Object)
            {
                json.WriteStartObject();
                foreach (var property in member.Value.EnumerateObject().Where(p => !_fixed!.Holds(p.Name)))
                {
                    json.WritePropertyName(property.Name);
                    Copy(json, property.Value);
                }

                json.WriteEndObject();
            }
            else if (member.NameEquals("required"u8) && member.Value.ValueKind == JsonValueKind.Array)
            {
                json.WriteStartArray();
                foreach (var name in member.Value.EnumerateArray().Where(n => n.ValueKind != JsonValueKind.String || !_fixed!.Holds(n.GetString()!)))
                {
                    Copy(json, name);
                }

                json.WriteEndArray();
            }
            else
            {
                Copy(json, member.Value);
            }
        }

        json.WriteEndObject();
    }

    private static void Copy(Utf8JsonWriter json, JsonElement value) => json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
}
