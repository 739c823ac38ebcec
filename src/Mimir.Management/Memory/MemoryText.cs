using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mimir.Management.Memory;

/// <summary>How the file is written: a line that says what it is, then one line of JSON for each text.</summary>
internal static class MemoryText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 8 };

    /// <summary>The first line, with its end.</summary>
    public static ReadOnlySpan<byte> Head => "{\"mimir\":\"memory\",\"version\":1}\n"u8;

    /// <summary>The line of a text, without its end.</summary>
    public static byte[] Write(MemoryEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            Write(json, entry);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The members of a text.</summary>
    /// <param name="json">Takes them.</param>
    /// <param name="entry">The text.</param>
    /// <param name="most">Most characters of it that are written; <c>truncated</c> says that there are more.</param>
    public static void Write(Utf8JsonWriter json, MemoryEntry entry, int most = int.MaxValue)
    {
        json.WriteString("id", entry.Id);
        var isCut = entry.Content.Length > most;

        // Half of a pair is no text.
        json.WriteString("content", isCut ? entry.Content[..(char.IsHighSurrogate(entry.Content[most - 1]) ? most - 1 : most)] : entry.Content);
        json.WriteStartArray("tags");
        foreach (var tag in entry.Tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
        json.WriteString("created_at", entry.Created);
        json.WriteString("updated_at", entry.Updated);
        if (isCut)
        {
            json.WriteBoolean("truncated", true);
        }
    }

    /// <summary>Reads the lines behind the first one.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="isWhole">False when somebody may be writing its last line: without an end that is none yet.</param>
    /// <exception cref="FormatException">It is no file of this kind; the message is for the operator.</exception>
    public static List<MemoryLine> Read(ReadOnlyMemory<byte> bytes, bool isWhole)
    {
        if (!bytes.Span.StartsWith(Head))
        {
            throw new FormatException(bytes.Span.StartsWith("{\"mimir\":\"memory\","u8) ? "was written by a newer Mimir" : "is not a memory of Mimir");
        }

        var lines = new List<MemoryLine>();
        for (var rest = bytes[Head.Length..]; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            if (end < 0 && !isWhole)
            {
                break;
            }

            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                lines.Add(new MemoryLine(line, TryRead(line)));
            }
        }

        return lines;
    }

    private static MemoryEntry? TryRead(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Shallow);
            var root = document.RootElement;
            var tags = ImmutableArray.CreateBuilder<string>();
            foreach (var tag in root.GetProperty("tags").EnumerateArray())
            {
                tags.Add(tag.GetString() ?? throw new FormatException());
            }

            return new MemoryEntry(
                root.GetProperty("id").GetString() ?? throw new FormatException(),
                root.GetProperty("content").GetString() ?? throw new FormatException(),
                tags.ToImmutable(),
                root.GetProperty("created_at").GetDateTimeOffset(),
                root.GetProperty("updated_at").GetDateTimeOffset());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
