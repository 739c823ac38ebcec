using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
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

    private ClientProfile(Revision revision, byte[] capabilities, bool askable, string key)
    {
        Revision = revision;
        Capabilities = capabilities;
        Askable = askable;
        Key = key;
    }

    /// <summary>A client of the newest legacy revision that can do nothing.</summary>
    public static ClientProfile Plain { get; } = Create(Revision.LatestLegacy, "{}"u8);

    /// <summary>The negotiated revision.</summary>
    public Revision Revision { get; }

    /// <summary>The capabilities as compact JSON with sorted keys.</summary>
    public ReadOnlyMemory<byte> Capabilities { get; }

    /// <summary>True when the server may ask it something: roots, sampling, elicitation or tasks.</summary>
    public bool Askable { get; }

    /// <summary>Equal for equal profiles.</summary>
    public string Key { get; }

    /// <summary>Finds or makes the profile.</summary>
    /// <param name="revision">The negotiated revision.</param>
    /// <param name="capabilities">The JSON object the client sent; empty counts as <c>{}</c>.</param>
    public static ClientProfile Create(Revision revision, ReadOnlySpan<byte> capabilities)
    {
        ArgumentNullException.ThrowIfNull(revision);
        var askable = false;
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
                foreach (var member in document.RootElement.EnumerateObject())
                {
                    askable |= member.Name is "roots" or "sampling" or "elicitation" or "tasks";
                }
            }
        }

        var key = revision.Name + Encoding.UTF8.GetString(canonical);
        if (Known.TryGetValue(key, out var known))
        {
            return known;
        }

        var made = new ClientProfile(revision, canonical, askable, key);
        return Known.Count >= MostInterned ? made : Known.GetOrAdd(key, made);
    }

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
