using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;

namespace Mimir.Router.Catalog;

/// <summary>One tool, prompt, resource or template as its server sent it.</summary>
public sealed class CatalogEntry
{
    /// <summary>Creates one.</summary>
    /// <param name="json">The object, byte for byte.</param>
    /// <param name="keyAt">Inside of its name or uri in <paramref name="json"/>.</param>
    /// <param name="key">Its name or uri, decoded.</param>
    public CatalogEntry(byte[] json, ByteRange keyAt, string key)
    {
        Json = json;
        KeyAt = keyAt;
        Key = key;
        Utf8Key = Encoding.UTF8.GetBytes(key);
    }

    /// <summary>The object, byte for byte.</summary>
    public byte[] Json { get; }

    /// <summary>Inside of its name or uri.</summary>
    public ByteRange KeyAt { get; }

    /// <summary>Its name or uri, decoded.</summary>
    public string Key { get; }

    /// <summary>The same as UTF-8.</summary>
    public byte[] Utf8Key { get; }

    /// <summary>The name or uri as the inside of a JSON string.</summary>
    public ReadOnlySpan<byte> RawKey => KeyAt.Of(Json);

    /// <summary>The tool's mirrored parameters; none for what is no tool.</summary>
    public ParamHeaders Parameters { get; init; } = ParamHeaders.None;
}
