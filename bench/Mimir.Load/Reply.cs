using System.Text;
using System.Text.Json;

namespace Mimir.Load;

/// <summary>What a client looks at in a message it gets.</summary>
internal readonly ref struct Reply
{
    /// <summary>The id, or -1 when there is none or it is no number.</summary>
    public long Id { get; private init; }

    /// <summary>It is a request or a notification, not a reply.</summary>
    public bool HasMethod { get; private init; }

    /// <summary>It is an error, or the result of a tool that failed.</summary>
    public bool IsError { get; private init; }

    /// <summary>The text of the first item of the content, as it stands between its quotes.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <exception cref="JsonException">The message is not JSON.</exception>
    public static Reply Read(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        long id = -1;
        bool hasMethod = false, isError = false;
        ReadOnlySpan<byte> text = default;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : -1;
            }
            else if (reader.ValueTextEquals("result"u8))
            {
                reader.Read();
                ReadResult(ref reader, ref text, ref isError);
            }
            else
            {
                hasMethod |= reader.ValueTextEquals("method"u8);
                isError |= reader.ValueTextEquals("error"u8);
                reader.Read();
                reader.Skip();
            }
        }

        return new Reply { Id = id, HasMethod = hasMethod, IsError = isError, Text = text };
    }

    /// <summary>Says what is wrong with a reply to a call; null if nothing.</summary>
    public static string? Check(ReadOnlySpan<byte> message, in Reply reply, long id, Messages messages, byte[]? expected) =>
        expected is not null ? message.SequenceEqual(expected) ? null : Wrong("not the expected bytes", message)
        : reply.Id != id ? Wrong($"not the id {id}", message)
        : reply.IsError ? Wrong("an error", message)
        : messages.IsTextOf(id, reply.Text) ? null : Wrong("another call's text", message);

    private static string Wrong(string what, ReadOnlySpan<byte> message) =>
        $"{what}: {Encoding.UTF8.GetString(message[..Math.Min(300, message.Length)])}";

    private static void ReadResult(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> text, ref bool isError)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                ReadContent(ref reader, ref text);
            }
            else
            {
                var failed = reader.ValueTextEquals("isError"u8);
                reader.Read();
                isError |= failed && reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
        }
    }

    private static void ReadContent(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> text)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && text.IsEmpty && reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                text = reader.ValueSpan;
            }
        }
    }
}
