using System.Globalization;
using Mimir.Cli.Terminal;
using Mimir.Management.Views;
using Mimir.Router.Engine;

namespace Mimir.Cli.Views;

/// <summary>Where a call would go, as a table for people and as JSON for programs.</summary>
internal static class RouteView
{
    private const int MostNames = 10;

    /// <summary>Prints who takes it, how that is decided, who else could, and why the rest could not.</summary>
    public static void Write(CliConsole console, RouteExplanation explanation)
    {
        var taker = explanation.Candidates.FirstOrDefault(c => c.IsTaken)?.Server;
        var name = console.OnOut(Ink.Bold, SafeText.Prose(explanation.Name));
        console.Out.WriteLine(taker is null
            ? $"{name} is a {explanation.Kind} that {console.OnOut(Ink.Bad, "no server can take now")}."
            : $"{name} is a {explanation.Kind} that {console.OnOut(Ink.Good, SafeText.Prose(taker))} takes now.");
        if (explanation.Balancer.Length > 0)
        {
            var cluster = explanation.Cluster.Length == 0 ? "" : $"Cluster {SafeText.Prose(explanation.Cluster)}, balancer {explanation.Balancer}. ";
            console.Out.WriteLine($"{cluster}Servers with the lowest priority number go first.");
        }

        console.Out.WriteLine();
        var table = new TextTable("SERVER", "CALL", "PRIORITY", "STRATEGY", "OWN NAME", "WHAT SPEAKS AGAINST IT").AlignRight(2);
        foreach (var candidate in explanation.Candidates.Where(c => c.OwnName.Length > 0))
        {
            table.Add(
                (candidate.Server, Ink.Bold),
                candidate.IsTaken ? ("takes it", Ink.Good) : RouteJson.IsAble(candidate) ? ("could", Ink.Plain) : ("could not", Ink.Faint),
                (candidate.Priority.ToString(CultureInfo.InvariantCulture), Ink.Plain),
                (candidate.Strategy, Ink.Plain),
                (candidate.OwnName, Ink.Plain),
                (candidate.Objection, Ink.Faint));
        }

        table.WriteTo(console);

        // Those that have nothing to do with the name are many, and share a reason.
        foreach (var strangers in explanation.Candidates.Where(c => c.OwnName.Length == 0).GroupBy(c => c.Objection, StringComparer.Ordinal))
        {
            var names = strangers.Select(c => c.Server).ToList();
            var more = names.Count > MostNames ? $" and {names.Count - MostNames} more" : "";
            console.Out.WriteLine();
            console.Out.WriteLine(SafeText.Prose($"Not {string.Join(", ", names.Take(MostNames))}{more}: {strangers.Key.TrimEnd('.')}."));
        }
    }

    /// <summary>The shape that <see cref="RouteJson.Write"/> states, which Mimir's own tool gives as well.</summary>
    public static string ToJson(RouteExplanation explanation) => JsonText.Build(writer => RouteJson.Write(writer, explanation));
}
