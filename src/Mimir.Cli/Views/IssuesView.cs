using System.Text.Json;
using Mimir.Cli.Terminal;
using Mimir.Configuration;
using Mimir.Configuration.Issues;

namespace Mimir.Cli.Views;

/// <summary>What is wrong in a configuration, as lines for people and compilers' readers, and as JSON for programs.</summary>
internal static class IssuesView
{
    /// <summary>Prints a line for each: <c>file:line:column: error: key: message. remedy</c>.</summary>
    public static void Write(CliConsole console, IReadOnlyList<ConfigIssue> issues)
    {
        foreach (var issue in issues)
        {
            console.Out.WriteLine(console.OnOut(issue.Severity == IssueSeverity.Error ? Ink.Bad : Ink.Warning, SafeText.Line(issue.ToString())));
        }
    }

    /// <summary>
    /// <c>{"ok","errors","warnings","files":[...],"issues":[{"severity","file","line","column","key","message","remedy"}]}</c>. <c>severity</c> is error
    /// or warning; <c>line</c> and <c>column</c> are 0 when a file is meant as a whole. Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(ConfigResult read) => JsonText.Build(writer =>
    {
        var errors = read.Issues.Count(i => i.Severity == IssueSeverity.Error);
        writer.WriteStartObject();
        writer.WriteBoolean("ok", errors == 0);
        writer.WriteNumber("errors", errors);
        writer.WriteNumber("warnings", read.Issues.Length - errors);
        writer.WriteStartArray("files");
        foreach (var file in read.Files)
        {
            writer.WriteStringValue(file);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("issues");
        foreach (var issue in read.Issues)
        {
            writer.WriteStartObject();
            writer.WriteString("severity", issue.Severity == IssueSeverity.Error ? "error" : "warning");
            writer.WriteString("file", issue.File);
            writer.WriteNumber("line", issue.Line);
            writer.WriteNumber("column", issue.Column);
            writer.WriteString("key", issue.Key);
            writer.WriteString("message", issue.Message);
            writer.WriteString("remedy", issue.Remedy);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
