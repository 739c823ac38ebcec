using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;

namespace Mimir.Router.State;

/// <summary>
/// What a legacy server is told of a client: revision and capabilities. Clients with the same profile may share a connection and
/// see the same lists. Immutable.
/// </summary>
public sealed class ClientProfile
{
    private const int MostInterned = 256;
    private static readonly ConcurrentDictionary<string, ClientProfile> Known = new(StringComparer.Ordinal);

    private readonly FrozenSet<string> _declared;
    private byte[]? _modern;
    private byte[]? _modernWithTasks;

    private ClientProfile(Revision revision, byte[] capabilities, FrozenSet<string> declared, string kind, string? principal = null)
    {
        Revision = revision;
        Capabilities = capabilities;
        _declared = declared;
        Kind = kind;
        Principal = principal;
        Key = principal is null ? kind : kind + "\n" + principal;
        Askable = Declares("roots") || Declares("sampling") || Declares("elicitation") || Declares("tasks");
    }

    /// <summary>A client of the newest legacy revision that can do nothing.</summary>
    public static ClientProfile Plain { get; } = Create(Revision.LatestLegacy, "{}"u8);

    /// <summary>The negotiated revision.</summary>
    public Revision Revision { get; }

    /// <summary>The capabilities as compact JSON with sorted keys.</summary>
    public ReadOnlyMemory<byte> Capabilities { get; }

    /// <summary>The same as a modern request states it; compact JSON.</summary>
    public ReadOnlyMemory<byte> Modern => _modern ??= ClientCapabilities.ToModern(Capabilities.Span, Revision);

    /// <summary>The same with the extension for tasks, for what the router follows to its end on behalf of the client.</summary>
    public ReadOnlyMemory<byte> ModernWithTasks => _modernWithTasks ??= ClientCapabilities.WithTasks(Modern.Span);

    /// <summary>True when the server may ask it something: roots, sampling, elicitation or tasks.</summary>
    public bool Askable { get; }

    /// <summary>True when it leads its user to URLs.</summary>
    public bool TakesUrls => Lacks(ClientCapability.ElicitationUrl) is null;

    /// <summary>Equal for equal profiles.</summary>
    public string Key { get; }

    /// <summary>The key of the same profile for whomever.</summary>
    public string Kind { get; }

    /// <summary>Whose connections these are, at servers that each principal has for itself; null for anybody's.</summary>
    public string? Principal { get; }

    /// <summary>Finds or makes the profile.</summary>
    /// <param name="revision">The negotiated revision.</param>
    /// <param name="capabilities">The JSON object the client sent; empty counts as <c>{}</c>.</param>
    public static ClientProfile Create(Revision revision, ReadOnlySpan<byte> capabilities)
    {
        ArgumentNullException.ThrowIfNull(revision);
        var declared = FrozenSet<string>.Empty;
        byte[] canonical;
        if (capabilities.IsEmpty || capabilities.SequenceEqual("{}"u8))
        {
            canonical = "{}"u8.ToArray();
        }
        else
        {
            using var document = JsonDocument.Parse(capabilities.ToArray());
            var output = new ArrayBufferWriter<byte>(capabilities.Length);
            using (var writer = new Utf8JsonWriter(output))
            {
                WriteSorted(writer, document.RootElement);
            }

            canonical = output.WrittenSpan.ToArray();
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                declared = document.RootElement.EnumerateObject().Select(m => m.Name).ToFrozenSet(StringComparer.Ordinal);
            }
        }

        var key = revision.Name + Encoding.UTF8.GetString(canonical);
        if (Known.TryGetValue(key, out var known))
        {
            return known;
        }

        var made = new ClientProfile(revision, canonical, declared, key);
        return Known.Count >= MostInterned ? made : Known.GetOrAdd(key, made);
    }

    /// <summary>
    /// What a legacy server is told of a modern client: of what it declares that which a server can act on. The rest makes no kind of
    /// its own.
    /// </summary>
    /// <param name="capabilities">What the client says it can do; the JSON object of its request.</param>
    public static ClientProfile CreateModern(ReadOnlySpan<byte> capabilities) =>
        capabilities.SequenceEqual("{}"u8) ? Plain : Create(Revision.LatestLegacy, Meaningful(ClientCapabilities.ToLegacy(capabilities), bare: false));

    /// <summary>The same for one principal: connections and lists of different ones are not shared.</summary>
    /// <param name="principal">Who. Any text; what stands for nobody in particular is a principal as well.</param>
    public ClientProfile For(string principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return new ClientProfile(Revision, Capabilities.ToArray(), _declared, Kind, principal);
    }

    /// <summary>The same without <c>experimental</c> and <c>extensions</c>, in which clients may declare what they like. There are few of these.</summary>
    public ClientProfile Bare() =>
        Declares("experimental") || Declares("extensions") ? Create(Revision, Meaningful(Capabilities.ToArray(), bare: true)) : this;

    /// <summary>Tells whether a server may send the client a request. One that is no method of ours may go to a client with extensions.</summary>
    public bool Takes(McpMethod method) => method switch
    {
        McpMethod.CreateMessage => Declares("sampling"),
        McpMethod.Elicit => Declares("elicitation"),
        McpMethod.RootsList => Declares("roots"),
        McpMethod.TasksGet or McpMethod.TasksResult or McpMethod.TasksList or McpMethod.TasksCancel => Declares("tasks"),
        McpMethod.Unknown => Declares("experimental") || Declares("extensions"),
        _ => false,
    };

    /// <summary>What a question needs that the client did not declare.</summary>
    /// <param name="need">What it needs.</param>
    /// <returns>The JSON object that would have to stand among its capabilities; null when it has what is needed.</returns>
    public string? Lacks(ClientCapability need) =>
        ClientCapabilities.Has(Capabilities.Span, need) ? null : Encoding.ASCII.GetString(ClientCapabilities.Requiring(need));

    /// <summary>The capabilities that a modern client can have at a legacy server, with the members that mean something there.</summary>
    private static ReadOnlySpan<byte> Meaningful(byte[] capabilities, bool bare)
    {
        using var document = JsonDocument.Parse(capabilities);
        var output = new ArrayBufferWriter<byte>(capabilities.Length);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            WriteOnly(writer, document.RootElement, "elicitation", "form", "url");
            WriteOnly(writer, document.RootElement, "roots");
            WriteOnly(writer, document.RootElement, "sampling", "context", "tools");
            if (!bare)
            {
                WriteWhole(writer, document.RootElement, "experimental");
                WriteWhole(writer, document.RootElement, "extensions");
            }

            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteOnly(Utf8JsonWriter writer, JsonElement from, string name, params ReadOnlySpan<string> members)
    {
        if (!TryGetObject(from, name, out var found))
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var member in members)
        {
            if (TryGetObject(found, member, out _))
            {
                writer.WriteStartObject(member);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteWhole(Utf8JsonWriter writer, JsonElement from, string name)
    {
        if (TryGetObject(from, name, out var found) && found.EnumerateObject().Any())
        {
            writer.WritePropertyName(name);
            found.WriteTo(writer);
        }
    }

    private static bool TryGetObject(JsonElement from, string name, out JsonElement found) =>
        from.TryGetProperty(name, out found) && found.ValueKind == JsonValueKind.Object;

    private bool Declares(string capability) => _declared.Contains(capability);

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteSorted(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteSorted(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
