using System.Text.Json;
using Mimir.Router.Engine;

namespace Mimir.Management.Views;

/// <summary>Where a call would go, as every surface writes it.</summary>
public static class RouteJson
{
    /// <summary>
    /// Writes <c>{"name","kind","cluster","balancer","server","candidates":[{"server","name","priority","strategy","able","taken","objection"}]}</c>.
    /// <c>kind</c> is tool, prompt or resource; <c>cluster</c> and <c>balancer</c> are null without a choice; <c>server</c> is the one that
    /// would take a call now, or null. Of a candidate, <c>name</c> is what the server itself calls it and <c>strategy</c> path, capability or
    /// fallback, both null when the server does not take it; lower numbers of <c>priority</c> go first; <c>able</c> says that it could take a call now, <c>taken</c> that it would,
    /// <c>objection</c> what speaks against it, or null. Members are added over time and never change their meaning.
    /// </summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="explanation">The explanation.</param>
    public static void Write(Utf8JsonWriter writer, RouteExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(explanation);
        writer.WriteStartObject();
        writer.WriteString("name", explanation.Name);
        writer.WriteString("kind", OrNull(explanation.Kind));
        writer.WriteString("cluster", OrNull(explanation.Cluster));
        writer.WriteString("balancer", OrNull(explanation.Balancer));
        writer.WriteString("server", explanation.Candidates.FirstOrDefault(c => c.IsTaken)?.Server);
        writer.WriteStartArray("candidates");
        foreach (var candidate in explanation.Candidates)
        {
            writer.WriteStartObject();
            writer.WriteString("server", candidate.Server);
            writer.WriteString("name", OrNull(candidate.OwnName));
            writer.WriteNumber("priority", candidate.Priority);
            writer.WriteString("strategy", OrNull(candidate.Strategy));
            writer.WriteBoolean("able", IsAble(candidate));
            writer.WriteBoolean("taken", candidate.IsTaken);
            writer.WriteString("objection", OrNull(candidate.Objection));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Whether a server could take a call now. One that is objected to can where there is no other.</summary>
    public static bool IsAble(RouteCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return candidate.IsTaken || (candidate.OwnName.Length > 0 && candidate.Objection.Length == 0);
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
