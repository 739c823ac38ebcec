using System.Text.Json;

namespace Mimir.Echo;

/// <summary>What the echo server needs to know of a message, as slices of it.</summary>
internal readonly ref struct Request
{
    /// <summary>The id as it stands there, quotes included; empty for a notification.</summary>
    public ReadOnlySpan<byte> Id { get; private init; }

    public Method Method { get; private init; }

    public bool IsEcho { get; private init; }

    public bool IsFiller { get; private init; }

    /// <summary>The argument <c>text</c> as it stands there, quotes included.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    public static Request Read(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        ReadOnlySpan<byte> id = default, text = default;
        var method = Method.Other;
        bool echo = false, filler = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = Token(message, in reader);
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                method = Find(ref reader);
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    ReadParameters(message, ref reader, ref echo, ref filler, ref text);
                }
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new Request { Id = id, Method = method, IsEcho = echo, IsFiller = filler, Text = text };
    }

    private static void ReadParameters(
        ReadOnlySpan<byte> message, ref Utf8JsonReader reader, ref bool echo, ref bool filler, ref ReadOnlySpan<byte> text)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                echo = reader.ValueTextEquals("echo"u8);
                filler = !echo && reader.ValueSpan.StartsWith("filler_"u8);
            }
            else if (reader.ValueTextEquals("arguments"u8) && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isText = reader.ValueTextEquals("text"u8);
                    reader.Read();
                    if (isText)
                    {
                        text = Token(message, in reader);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
            else
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    reader.Read();
                }

                reader.Skip();
            }
        }
    }

    private static ReadOnlySpan<byte> Token(ReadOnlySpan<byte> message, scoped in Utf8JsonReader reader) =>
        message[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];

    private static Method Find(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("tools/call"u8) ? Method.Call
        : reader.ValueTextEquals("tools/list"u8) ? Method.List
        : reader.ValueTextEquals("initialize"u8) ? Method.Initialize
        : reader.ValueTextEquals("server/discover"u8) ? Method.Discover
        : reader.ValueTextEquals("ping"u8) ? Method.Ping
        : Method.Other;
}
