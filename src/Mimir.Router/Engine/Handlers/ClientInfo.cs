using System.Buffers;
using System.Text.Json;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Finds what a client says of itself, for modern servers, which are told with each request, and for what is kept of calls.</summary>
internal static class ClientInfo
{
    private const int Longest = 4096;
    private const int LongestText = 128;

    /// <summary>A copy of <c>params.clientInfo</c> of an <c>initialize</c>; empty when there is none, or it is no object. Of one that is too long the name and the version.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var json = envelope.Params.Of(frame);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = EnvelopeScanner.MostDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("clientInfo"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (found)
            {
                return isObject ? Bounded(json[start..(int)reader.BytesConsumed], Longest) : default;
            }
        }

        return default;
    }

    /// <summary>A copy of an object, or where that is too long, one of its name and version alone, each of at most 128 characters.</summary>
    /// <param name="info">The object, or nothing.</param>
    /// <param name="most">Bytes of the longest that is copied as it is.</param>
    public static byte[] Bounded(ReadOnlySpan<byte> info, int most)
    {
        if (info.Length <= most)
        {
            return info.ToArray();
        }

        var (name, version) = ("", "");
        var reader = new Utf8JsonReader(info, new JsonReaderOptions { MaxDepth = EnvelopeScanner.MostDepth });
        if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isName, isVersion) = (reader.ValueTextEquals("name"u8), reader.ValueTextEquals("version"u8));
                reader.Read();
                name = isName ? Text(reader) : name;
                version = isVersion ? Text(reader) : version;
                reader.Skip();
            }
        }

        var brief = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(brief))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteString("version"u8, version);
            json.WriteEndObject();
        }

        return brief.WrittenSpan.ToArray();
    }

    private static string Text(in Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String && reader.GetString() is { } text ? text[..Math.Min(text.Length, LongestText)] : "";
        }
        catch (InvalidOperationException)
        {
            // It holds what is no text, as a half of a surrogate pair.
            return "";
        }
    }
}
