using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Cli.Terminal;
using Mimir.Configuration.Proposals;
using Mimir.Router.Setup;

namespace Mimir.Cli.Views;

/// <summary>What waits for the operator, as a table and in full for people, and as JSON for programs. Whoever asked for it wrote what stands in it.</summary>
internal static class ProposalView
{
    /// <summary>Prints the table.</summary>
    public static void WriteTable(CliConsole console, IReadOnlyList<Proposal> waiting)
    {
        var table = new TextTable("TICKET", "ASKED", "WHAT", "NAME", "WOULD START");
        foreach (var proposal in waiting)
        {
            table.Add(
                (proposal.Id, Ink.Bold),
                (proposal.At.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture), Ink.Plain),
                (Sentence(proposal.Change.Kind), Ink.Plain),
                (proposal.Change.Name, Ink.Plain),
                (proposal.Starts.Count == 0 ? "-" : string.Join(", ", proposal.Starts), Ink.Warning));
        }

        table.WriteTo(console);
    }

    /// <summary>Prints everything that one comes to: nothing of it is cut.</summary>
    public static void WriteWhole(CliConsole console, Proposal proposal)
    {
        console.Error.WriteLine(SafeText.Line($"{Sentence(proposal.Change.Kind)}: {proposal.Change.Name}"));
        foreach (var (name, value) in Members(proposal.Change))
        {
            console.Error.WriteLine(SafeText.Line($"  {name}: {value}"));
        }

        console.Error.WriteLine(SafeText.Line($"  in: {proposal.Config}"));
        foreach (var start in proposal.Starts)
        {
            console.Error.WriteLine(console.OnError(Ink.Warning, SafeText.Line($"  would start or reach: {start}")));
        }
    }

    /// <summary>
    /// <c>{"waiting":[{"ticket","at","change","name","configuration","starts":[...],"details":{...}}]}</c>, oldest first. <c>details</c> has strings only.
    /// Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(IReadOnlyList<Proposal> waiting) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("waiting");
        foreach (var proposal in waiting)
        {
            writer.WriteStartObject();
            writer.WriteString("ticket", proposal.Id);
            writer.WriteString("at", proposal.At);
            writer.WriteString("change", JsonNamingPolicy.SnakeCaseLower.ConvertName(proposal.Change.Kind.ToString()));
            writer.WriteString("name", proposal.Change.Name);
            writer.WriteString("configuration", proposal.Config);
            writer.WriteStartArray("starts");
            foreach (var start in proposal.Starts)
            {
                writer.WriteStringValue(start);
            }

            writer.WriteEndArray();
            writer.WriteStartObject("details");
            foreach (var (name, value) in Members(proposal.Change))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static IEnumerable<(string Name, string Value)> Members(SetupChange change)
    {
        (string Name, string? Value)[] all =
        [
            ("type", change.Type), ("address", change.Address), ("host", change.Host), ("port", change.Port?.ToString(CultureInfo.InvariantCulture)),
            ("auth method", change.Method), ("credential", change.CredentialRef), ("tags", List(change.Tags)), ("source", change.Source), ("command", change.Command),
            ("arguments", List(change.Arguments)), ("variables", List(change.Environment.Select(static e => $"{e.Key}={e.Value}"))), ("url", change.Url),
            ("secrets it may be given", List(change.CredentialRefs)), ("description", change.Description),
        ];
        return all.Where(static m => m.Value is not null).Select(static m => (m.Name, m.Value!));
    }

    private static string? List(IEnumerable<string> texts) =>
        string.Join(", ", texts.Select(static t => $"\"{JsonEncodedText.Encode(t, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"")) is { Length: > 0 } list ? list : null;

    private static string Sentence(SetupChangeKind kind) => kind switch
    {
        SetupChangeKind.AddHost => "add a host",
        SetupChangeKind.AddService => "add a service",
        SetupChangeKind.InstallPlugin => "install a plugin",
        SetupChangeKind.RemovePlugin => "remove a plugin",
        SetupChangeKind.EnablePlugin => "switch on a plugin",
        SetupChangeKind.DisablePlugin => "switch off a plugin",
        SetupChangeKind.ScaffoldPlugin => "write a plugin",
        SetupChangeKind.AddServer => "add a server",
        SetupChangeKind.RemoveServer => "remove a server",
        SetupChangeKind.EnableServer => "switch on a server",
        _ => "switch off a server",
    };
}
