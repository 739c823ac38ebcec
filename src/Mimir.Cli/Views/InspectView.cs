using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Router.Bridging;
using Mimir.Router.Engine;
using Mimir.Router.State;

namespace Mimir.Cli.Views;

/// <summary>What was negotiated with one server and what of it reaches which clients, as text for people and as JSON for programs.</summary>
internal static class InspectView
{
    /// <summary>Prints it: what was negotiated, then a row a feature and a column a revision of clients, then what the words mean here.</summary>
    public static void Write(CliConsole console, ServerRow server, ServerInspection inspection)
    {
        Line(console, "server", server.Name);
        Line(console, "state", UpstreamLife.Word(server.State) + (string.IsNullOrEmpty(server.Detail) ? "" : ": " + server.Detail));
        Line(console, "transport", server.Transport);
        if (inspection.Fates.Count == 0)
        {
            return;
        }

        Line(console, "revision", $"{server.Revision?.Name} ({(server.Revision?.Era == Protocol.Revisions.Era.Modern ? "modern" : "legacy")})");
        Line(console, "calls itself", inspection.Title);
        Line(console, "declares", System.Text.Encoding.UTF8.GetString(inspection.Capabilities.Span));
        if (inspection.AsksUnattributed)
        {
            Line(console, "asks", "without saying for which call: modern clients' calls take turns");
        }

        console.Out.WriteLine();
        var table = new TextTable(["CLIENTS OF", .. inspection.Fates.Select(f => f.Client.Name)]);
        for (var i = 0; i < inspection.Fates[0].Features.Count; i++)
        {
            var at = i;
            table.Add([(inspection.Fates[0].Features[i].Feature, Ink.Bold), .. inspection.Fates.Select(f => ((string?)Word(f.Features[at].Fate), Look(f.Features[at].Fate)))]);
        }

        table.WriteTo(console);
        var notes = inspection.Fates.SelectMany(f => f.Features.Where(x => x.How.Length > 0).Select(x => (f.Client, Feature: x)))
            .GroupBy(n => (n.Feature.Feature, n.Feature.Fate, n.Feature.How)).ToList();
        if (notes.Count > 0)
        {
            console.Out.WriteLine();
        }

        foreach (var note in notes)
        {
            console.Out.WriteLine($"{note.Key.Feature}, {Word(note.Key.Fate)} for {string.Join(", ", note.Select(n => n.Client.Name))}: {note.Key.How}.");
        }
    }

    /// <summary>
    /// <c>{"name","state","transport","era","revision","title","capabilities","asksUnattributed","detail","clients":[{"revision","features":[{"feature",
    /// "fate","how"}]}]}</c>. <c>fate</c> is one of asIs, translated, lost, notOffered; <c>clients</c> is empty when the server was not
    /// reached. Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(ServerRow server, ServerInspection inspection) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", server.Name);
        writer.WriteString("state", UpstreamLife.Word(server.State));
        writer.WriteString("transport", server.Transport);
        writer.WriteString("era", server.Revision is { } revision ? (revision.Era == Protocol.Revisions.Era.Modern ? "modern" : "legacy") : null);
        writer.WriteString("revision", server.Revision?.Name);
        writer.WriteString("title", inspection.Title);
        writer.WritePropertyName("capabilities");
        JsonText.WriteForeign(writer, inspection.Capabilities.IsEmpty ? "{}"u8.ToArray() : inspection.Capabilities);
        writer.WriteBoolean("asksUnattributed", inspection.AsksUnattributed);
        writer.WriteString("detail", server.Detail);
        writer.WriteStartArray("clients");
        foreach (var (client, features) in inspection.Fates)
        {
            writer.WriteStartObject();
            writer.WriteString("revision", client.Name);
            writer.WriteStartArray("features");
            foreach (var feature in features)
            {
                writer.WriteStartObject();
                writer.WriteString("feature", feature.Feature);
                writer.WriteString("fate", feature.Fate switch { Fate.AsIs => "asIs", Fate.Translated => "translated", Fate.Lost => "lost", _ => "notOffered" });
                writer.WriteString("how", feature.How);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static string Word(Fate fate) => fate switch
    {
        Fate.AsIs => "as it is",
        Fate.Translated => "translated",
        Fate.Lost => "lost",
        _ => "-",
    };

    private static Ink Look(Fate fate) => fate switch
    {
        Fate.AsIs => Ink.Good,
        Fate.Translated => Ink.Warning,
        Fate.Lost => Ink.Bad,
        _ => Ink.Faint,
    };

    private static void Line(CliConsole console, string what, string? value) =>
        console.Out.WriteLine($"{what,-13} {SafeText.Prose(value ?? "")}");
}
