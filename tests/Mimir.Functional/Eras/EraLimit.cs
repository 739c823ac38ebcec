namespace Mimir.Functional.Eras;

/// <summary>A feature that cannot be between some revisions, and what happens instead.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Clients">The revisions of clients it concerns.</param>
/// <param name="Servers">The revisions of servers it concerns.</param>
/// <param name="Reason">Why, and what happens instead.</param>
/// <param name="Absent">Whether the server has no such thing in the first place.</param>
internal sealed record EraLimit(string Feature, string[] Clients, string[] Servers, string Reason, bool Absent = false);
