using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

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

    private ClientProfile(Revision revision, byte[] capabilities, FrozenSet<string> declared, string key)
    {
        Revision = revision;
        Capabilities = capabilities;
        _declared = declared;
        Key = key;
    }

    /// <summary>A client of the newest legacy revision that can do nothing.</summary>
    public static ClientProfile Plain { get; } = Create(Revision.LatestLegacy, "{}"u8);

    /// <summary>The negotiated revision.</summary>
    public Revision Revision { get; }

    /// <summary>The capabilities as compact JSON with sorted keys.</summary>
    public ReadOnlyMemory<byte> Capabilities { get; }

    /// <summary>True when the server may ask it something: roots, sampling, elicitation or tasks.</summary>
    public bool Askable => Declares("roots") || Declares("sampling") || Declares("elicitation") || Declares("tasks");

    /// <summary>Equal for equal profiles.</summary>
    public string Key { get; }

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
