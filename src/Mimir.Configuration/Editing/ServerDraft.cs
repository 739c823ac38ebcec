using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mimir.Configuration.Editing;

/// <summary>A server that is to be added. Texts are written as they are: what refers to a variable or secret goes on doing so.</summary>
public sealed record ServerDraft
{
    private static readonly JsonWriterOptions Wide = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The program; null for a server behind an address.</summary>
    public string? Command { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Its address; null for a program.</summary>
    public string? Url { get; init; }

    /// <summary>The app on this machine that it is; null for anything else.</summary>
    public string? App { get; init; }

    /// <summary><c>env</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary><c>headers</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary><c>cwd</c>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary><c>autostart</c>; null to leave it to its default.</summary>
    public bool? Autostart { get; init; }

    /// <summary><c>startupTimeout</c>: seconds, or with a unit.</summary>
    public string? StartupTimeout { get; init; }

    /// <summary><c>callTimeout</c>: seconds, or with a unit.</summary>
    public string? CallTimeout { get; init; }

    /// <summary>The text of its file.</summary>
    internal byte[] ToFile()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Wide))
        {
            writer.WriteStartObject();
            Text(writer, "command", Command);
            if (Arguments.Count > 0)
            {
                writer.WriteStartArray("args");
                foreach (var argument in Arguments)
                {
                    writer.WriteStringValue(argument);
                }

                writer.WriteEndArray();
            }

            Text(writer, "url", Url);
            Text(writer, "app", App);
            Map(writer, "env", Environment);
            Map(writer, "headers", Headers);
            Text(writer, "cwd", WorkingDirectory);
            if (Autostart is { } autostart)
            {
                writer.WriteBoolean("autostart", autostart);
            }

            Time(writer, "startupTimeout", StartupTimeout);
            Time(writer, "callTimeout", CallTimeout);
            writer.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static void Text(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    /// <summary>Digits alone are seconds, as they are in a file without quotes.</summary>
    private static void Time(Utf8JsonWriter writer, string name, string? text)
    {
        if (long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds))
        {
            writer.WriteNumber(name, seconds);
        }
        else
        {
            Text(writer, name, text);
        }
    }

    private static void Map(Utf8JsonWriter writer, string name, IReadOnlyList<KeyValuePair<string, string>> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (key, value) in entries)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
