using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Mimir.Router.Catalog;

/// <summary>Tools and prompts whose descriptions begin with the name of their server in brackets: <c>[files] Reads a file.</c> Thread-safe.</summary>
internal static class Labels
{
    private static readonly ConditionalWeakTable<CatalogEntry, CatalogEntry> s_labelled = [];

    /// <summary>The entry with the label, for one server always the same one. One whose description is no text stays as it is.</summary>
    /// <param name="entry">The entry; a tool or a prompt.</param>
    /// <param name="kind">Which of them.</param>
    /// <param name="server">The name that stands in the label; for one entry always the same.</param>
    public static CatalogEntry Over(CatalogEntry entry, ListKind kind, string server) =>
        s_labelled.TryGetValue(entry, out var known) ? known : s_labelled.GetValue(entry, e => Make(e, kind, server));

    private static CatalogEntry Make(CatalogEntry entry, ListKind kind, string server)
    {
        var json = Splice(entry.Json, JsonEncodedText.Encode($"[{server}]", System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        return json is null ? entry : new CatalogEntry(json, EntryKey.Find(json, kind, out _).At, entry.Key)
        {
            Parameters = entry.Parameters,
            WrapsOutput = entry.WrapsOutput,
            IsIdempotent = entry.IsIdempotent,
            Tasks = entry.Tasks,
            Fixed = entry.Fixed,
            Alias = entry.Alias,
        };
    }

    /// <summary>The bytes with the label put in, and nothing else changed; null when there is no place for it.</summary>
    private static byte[]? Splice(byte[] json, ReadOnlySpan<byte> label)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
        reader.Read();
        var first = (int)reader.BytesConsumed;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.ValueTextEquals("description"u8);
            reader.Read();
            if (isText)
            {
                if (reader.TokenType != JsonTokenType.String)
                {
                    return null;
                }

                var at = (int)reader.TokenStartIndex + 1;
                var length = (int)(reader.BytesConsumed - reader.TokenStartIndex) - 2;
                return [.. json.AsSpan(0, at), .. label, .. length == 0 ? ""u8 : " "u8, .. json.AsSpan(at)];
            }

            reader.Skip();
        }

        // An entry has its name, so another member stands behind.
        return [.. json.AsSpan(0, first), .. "\"description\":\""u8, .. label, .. "\","u8, .. json.AsSpan(first)];
    }
}
