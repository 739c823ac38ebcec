using System.Text.Json;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Catalog;

/// <summary>Finds the name or uri of an entry.</summary>
internal static class EntryKey
{
    /// <summary>Where it stands, and what it is, decoded.</summary>
    /// <param name="json">The entry; has one.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="ambiguous">True when it stands there twice.</param>
    /// <exception cref="InvalidOperationException">It is no text.</exception>
    public static (ByteRange At, string Key) Find(byte[] json, ListKind kind, out bool ambiguous)
    {
        ambiguous = false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
        reader.Read();
        (ByteRange, string) found = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = reader.ValueTextEquals(kind.KeyMember());
            reader.Read();
            if (isKey)
            {
                ambiguous = found.Item2 is not null;
                found = (new ByteRange((int)reader.TokenStartIndex + 1, (int)(reader.BytesConsumed - reader.TokenStartIndex) - 2), reader.GetString()!);
            }

            reader.Skip();
        }

        return found;
    }
}
