using System.Globalization;
using System.Text.Json;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Views;

/// <summary>
/// Records of the audit log for people, a line each as they come: the columns are as wide as what they mostly hold, since what comes next
/// is not known.
/// </summary>
internal sealed class AuditTable(CliConsole console)
{
    private const int TimeWidth = 24, SeqWidth = 6, OutcomeWidth = 14, MsWidth = 8, WhereWidth = 14;

    /// <summary>Whether nothing was written yet.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Writes a record, and the heads of the columns before the first.</summary>
    /// <param name="record">The record as it stands in the log.</param>
    public void Write(string record)
    {
        if (IsEmpty)
        {
            console.Out.WriteLine(console.OnOut(Ink.Faint, string.Concat(
                "TIME".PadRight(TimeWidth), "  ", "SEQ".PadLeft(SeqWidth), "  ", "OUTCOME".PadRight(OutcomeWidth), "  ", "MS".PadLeft(MsWidth), "  ",
                "SERVER".PadRight(WhereWidth), "  WHAT")));
            IsEmpty = false;
        }

        using var document = JsonDocument.Parse(record);
        var root = document.RootElement;
        var isCall = Text(root, "kind") == "call";
        var denied = Text(root, "decision") == "deny";
        var outcome = isCall ? denied ? "denied" : Text(root, "outcome") : "change";
        var ink = outcome is "ok" or "task" or "input_required" ? Ink.Good : outcome == "change" ? Ink.Warning : Ink.Bad;
        console.Out.WriteLine(string.Concat(
            console.OnOut(Ink.Faint, Text(root, "ts").PadRight(TimeWidth)), "  ", Number(root, "seq").PadLeft(SeqWidth), "  ",
            console.OnOut(ink, outcome.PadRight(OutcomeWidth)), "  ", Number(root, "ms").PadLeft(MsWidth), "  ", Text(root, "server").PadRight(WhereWidth), "  ")
            + (isCall ? Call(root, denied) : Change(root)));
    }

    private static string Call(JsonElement call, bool denied)
    {
        var who = Text(call, "client") is { Length: > 0 } client ? $" by {client}" : "";
        var why = denied ? $": {Text(call, "reason")}" : Number(call, "code") is { Length: > 0 } code ? $" ({code})" : "";
        return $"{Text(call, "method")} {Text(call, "as")}{who}{why}";
    }

    private static string Change(JsonElement change) =>
        string.Join(' ', new[] { Text(change, "change"), Text(change, "name"), Number(change, "count"), Text(change, "detail") }.Where(static t => t.Length > 0));

    /// <summary>A member that is a text, fit for a terminal; empty when there is none.</summary>
    private static string Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? SafeText.Line(value.GetString()!) : "";

    private static string Number(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.TryGetDecimal(out var number) ? number.ToString(CultureInfo.InvariantCulture) : "";
}
