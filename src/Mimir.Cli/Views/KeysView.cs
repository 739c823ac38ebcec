using System.Text.Json;
using Mimir.Cli.Terminal;
using Mimir.Configuration.Showing;

namespace Mimir.Cli.Views;

/// <summary>The keys of a configuration, as a table for people and as JSON for programs.</summary>
internal static class KeysView
{
    /// <summary>Prints a row for each key.</summary>
    public static void WriteTable(CliConsole console, IReadOnlyList<ShownKey> keys, bool withSources)
    {
        var table = withSources ? new TextTable("KEY", "SOURCE", "VALUE") : new TextTable("KEY", "VALUE");
        foreach (var key in keys)
        {
            (string?, Ink) value = (key.Value, key.Mark is null ? Ink.Faint : Ink.Plain);
            if (withSources)
            {
                table.Add((key.Key, Ink.Bold), (Source(key), Ink.Plain), value);
            }
            else
            {
                table.Add((key.Key, Ink.Bold), value);
            }
        }

        table.WriteTo(console);
    }

    /// <summary>
    /// <c>{"keys":[{"key","value","masked","default"}]}</c>; <c>masked</c> is true when a part of the value is not shown, <c>default</c> when nobody
    /// wrote it. With sources also <c>file</c>, <c>line</c>, <c>column</c> (null for a default), <c>variables</c> and <c>secrets</c>, which are names.
    /// Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(IReadOnlyList<ShownKey> keys, bool withSources) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        foreach (var key in keys)
        {
            writer.WriteStartObject();
            writer.WriteString("key", key.Key);
            writer.WritePropertyName("value");
            writer.WriteRawValue(key.Value);
            writer.WriteBoolean("masked", key.IsMasked);
            writer.WriteBoolean("default", key.Mark is null);
            if (withSources)
            {
                writer.WriteString("file", key.Mark?.File);
                WriteNumber(writer, "line", key.Mark?.Line);
                WriteNumber(writer, "column", key.Mark?.Column);
                WriteNames(writer, "variables", key.Variables.Where(v => !IsSecret(v)));
                WriteNames(writer, "secrets", key.Variables.Where(IsSecret).Select(v => v[SecretMark.Length..]));
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private const string SecretMark = "secret:";

    private static bool IsSecret(string variable) => variable.StartsWith(SecretMark, StringComparison.Ordinal);

    private static string Source(ShownKey key)
    {
        var place = key.Mark is not { } mark ? "default" : mark.Line == 0 ? mark.File : $"{mark.File}:{mark.Line}";
        return key.Variables.IsEmpty ? place : $"{place}, {string.Join(", ", key.Variables.Select(v => IsSecret(v) ? $"secret {v[SecretMark.Length..]}" : $"variable {v}"))}";
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? number)
    {
        if (number is { } value)
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteNames(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
