using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Catalog;

/// <summary>What is shown of one tool instead of what its server says. Thread-safe.</summary>
/// <param name="model">What is wanted.</param>
internal sealed class Disguise(ToolOverride model)
{
    private static readonly CatalogEntry s_none = new("{}"u8.ToArray(), default, "");
    private readonly ConditionalWeakTable<CatalogEntry, CatalogEntry> _worn = [];
    private readonly FixedArguments? _fixed = model.Arguments.IsEmpty ? null : new FixedArguments(model.Arguments);

    /// <summary>The whole name that clients see, or null for what is made as ever.</summary>
    public string? Name => model.Name;

    /// <summary>The tool as clients see it, always the same one; its own name stands in it as ever. Null when its definition holds what is no text.</summary>
    public CatalogEntry? Over(CatalogEntry entry) => _worn.GetValue(entry, TryMake) is var worn && ReferenceEquals(worn, s_none) ? null : worn;

    private CatalogEntry TryMake(CatalogEntry entry)
    {
        try
        {
            return Make(entry);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            return s_none;
        }
    }

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

    /// <summary>The schema without the arguments that are not the client's to give, wherever it speaks of them.</summary>
    private void WriteSchema(Utf8JsonWriter json, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            Copy(json, schema);
            return;
        }

        json.WriteStartObject();
        foreach (var member in schema.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            switch (member.Name)
            {
                case "properties" or "default" when member.Value.ValueKind == JsonValueKind.Object:
                    WriteOthers(json, member.Value, Copy);
                    break;
                case "dependentRequired" or "dependentSchemas" or "dependencies" when member.Value.ValueKind == JsonValueKind.Object:
                    WriteOthers(json, member.Value, member.Name == "dependentRequired" ? WriteNames : WriteDependency);
                    break;
                case "required" when member.Value.ValueKind == JsonValueKind.Array:
                    WriteNames(json, member.Value);
                    break;
                case "allOf" or "anyOf" or "oneOf" when member.Value.ValueKind == JsonValueKind.Array:
                    WriteEach(json, member.Value, WriteSchema);
                    break;
                case "if" or "then" or "else" or "not":
                    WriteSchema(json, member.Value);
                    break;
                case "examples" when member.Value.ValueKind == JsonValueKind.Array:
                    WriteEach(json, member.Value, WriteExample);
                    break;
                default:
                    Copy(json, member.Value);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private void WriteOthers(Utf8JsonWriter json, JsonElement members, Action<Utf8JsonWriter, JsonElement> write)
    {
        json.WriteStartObject();
        foreach (var member in members.EnumerateObject().Where(m => !_fixed!.Holds(m.Name)))
        {
            json.WritePropertyName(member.Name);
            write(json, member.Value);
        }

        json.WriteEndObject();
    }

    private void WriteNames(Utf8JsonWriter json, JsonElement names)
    {
        json.WriteStartArray();
        foreach (var name in names.EnumerateArray().Where(n => n.ValueKind != JsonValueKind.String || !_fixed!.Holds(n.GetString()!)))
        {
            Copy(json, name);
        }

        json.WriteEndArray();
    }

    private void WriteDependency(Utf8JsonWriter json, JsonElement dependency)
    {
        if (dependency.ValueKind == JsonValueKind.Array)
        {
            WriteNames(json, dependency);
        }
        else
        {
            WriteSchema(json, dependency);
        }
    }

    private void WriteExample(Utf8JsonWriter json, JsonElement example)
    {
        if (example.ValueKind == JsonValueKind.Object)
        {
            WriteOthers(json, example, Copy);
        }
        else
        {
            Copy(json, example);
        }
    }

    private static void WriteEach(Utf8JsonWriter json, JsonElement items, Action<Utf8JsonWriter, JsonElement> write)
    {
        json.WriteStartArray();
        foreach (var item in items.EnumerateArray())
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void Copy(Utf8JsonWriter json, JsonElement value) => json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
}
