using System.Globalization;
using Mimir.Cli.Terminal;
using Mimir.Router.Policies.Audit;

namespace Mimir.Cli.Views;

/// <summary>Whether the audit log is whole, for people and for programs.</summary>
internal static class AuditVerdictView
{
    /// <summary>A line for each place that is not as it was written, and one for the whole.</summary>
    public static void WriteText(CliConsole console, AuditVerdict verdict)
    {
        foreach (var problem in verdict.Problems)
        {
            console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{SafeText.Line(problem.File)}:{problem.Line}: {console.OnOut(Ink.Bad, problem.Kind)}: {SafeText.Line(problem.Text)}"));
        }

        var torn = verdict.Torn == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {verdict.Torn} torn by a crash, as the log says");
        var records = verdict.Records == 0 ? "no record"
            : string.Create(CultureInfo.InvariantCulture, $"{verdict.Records} records in {verdict.Files.Count} files, {verdict.First} to {verdict.Last}{torn}");
        console.Out.WriteLine(verdict.IsWhole ? $"{console.OnOut(Ink.Good, "whole")}: {records}" : $"{console.OnOut(Ink.Bad, "broken")}: {records}");
    }

    /// <summary>
    /// <c>{"whole","records","first","last","torn","files":[...],"problems":[{"file","line","kind","text"}]}</c>. Members are added over
    /// time and never change their meaning.
    /// </summary>
    public static string ToJson(AuditVerdict verdict) => JsonText.Build(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("whole", verdict.IsWhole);
        json.WriteNumber("records", verdict.Records);
        json.WriteNumber("first", verdict.First);
        json.WriteNumber("last", verdict.Last);
        json.WriteNumber("torn", verdict.Torn);
        json.WriteStartArray("files");
        foreach (var file in verdict.Files)
        {
            json.WriteStringValue(file);
        }

        json.WriteEndArray();
        json.WriteStartArray("problems");
        foreach (var problem in verdict.Problems)
        {
            json.WriteStartObject();
            json.WriteString("file", problem.File);
            json.WriteNumber("line", problem.Line);
            json.WriteString("kind", problem.Kind);
            json.WriteString("text", problem.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
