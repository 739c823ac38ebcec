using System.Collections.Immutable;
using System.Text.Json;
using Mimir.Cli.Terminal;
using Mimir.Configuration.Import;

namespace Mimir.Cli.Views;

/// <summary>What clients have and what an import would change, for people and as JSON for programs.</summary>
internal static class ImportView
{
    /// <summary>Prints it.</summary>
    /// <param name="console">Where.</param>
    /// <param name="files">The files of clients.</param>
    /// <param name="isWhole">Whether each change is shown; else one line a server.</param>
    public static void Write(CliConsole console, ImmutableArray<ImportFile> files, bool isWhole)
    {
        foreach (var file in files)
        {
            console.Out.WriteLine(console.OnOut(Ink.Bold, SafeText.Line($"{file.Client.Title} ({file.Client.Id}): {file.Path}")));
            foreach (var issue in file.Issues)
            {
                console.Out.WriteLine("  " + console.OnOut(Ink.Bad, SafeText.Line(issue.ToString())));
            }

            foreach (var item in file.Items)
            {
                Write(console, item, isWhole);
            }
        }
    }

    /// <summary>
    /// <c>{"files":[{"client","title","file","errors":[...],"servers":[{"name","as","state","reason","written","notes":[...],"changes":[{"key","before","after"}]}]}]}</c>.
    /// <c>state</c> is <c>new</c>, <c>same</c>, <c>different</c> or <c>refused</c>. Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(ImmutableArray<ImportFile> files) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("files");
        foreach (var file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("client", file.Client.Id);
            writer.WriteString("title", file.Client.Title);
            writer.WriteString("file", file.Path);
            Strings(writer, "errors", file.Issues.Select(issue => issue.ToString()));
            writer.WriteStartArray("servers");
            foreach (var item in file.Items)
            {
                Write(writer, item);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary><c>{"restored":[...]}</c>: the files that are as before an import.</summary>
    public static string ToJson(ImmutableArray<string> restored) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        Strings(writer, "restored", restored);
        writer.WriteEndObject();
    });

    private static void Write(CliConsole console, ImportItem item, bool isWhole)
    {
        var (word, ink) = item.State switch
        {
            ImportState.New => ("new", Ink.Good),
            ImportState.Same => ("same", Ink.Faint),
            ImportState.Different => (item.IsWritten ? "replaced" : "different", Ink.Warning),
            _ => ("not importable", Ink.Bad),
        };
        var name = item.Name == item.Source ? item.Name : $"{item.Source} as {item.Name}";
        console.Out.WriteLine($"  {SafeText.Line(name)}: {console.OnOut(ink, word)}{SafeText.Line(item.Reason is null ? "" : $": {item.Reason}")}");
        if (!isWhole)
        {
            return;
        }

        foreach (var change in item.Changes)
        {
            Line(console, Ink.Bad, "-", change.Key, change.Before);
            Line(console, Ink.Good, "+", change.Key, change.After);
        }

        foreach (var note in item.Notes)
        {
            console.Out.WriteLine("    " + console.OnOut(Ink.Faint, SafeText.Line(note)));
        }
    }

    private static void Line(CliConsole console, Ink ink, string sign, string key, string? value)
    {
        if (value is not null)
        {
            console.Out.WriteLine("    " + console.OnOut(ink, SafeText.Line($"{sign} {key}: {value}")));
        }
    }

    private static void Write(Utf8JsonWriter writer, ImportItem item)
    {
        writer.WriteStartObject();
        writer.WriteString("name", item.Source);
        writer.WriteString("as", item.Name);
        writer.WriteString("state", item.State switch
        {
            ImportState.New => "new",
            ImportState.Same => "same",
            ImportState.Different => "different",
            _ => "refused",
        });
        writer.WriteString("reason", item.Reason);
        writer.WriteBoolean("written", item.IsWritten);
        Strings(writer, "notes", item.Notes);
        writer.WriteStartArray("changes");
        foreach (var change in item.Changes)
        {
            writer.WriteStartObject();
            writer.WriteString("key", change.Key);
            writer.WriteString("before", change.Before);
            writer.WriteString("after", change.After);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
