namespace Mimir.Cli.Hosting;

/// <summary>One plugin as people are shown it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version; empty when it could not be read.</param>
/// <param name="Status"><c>ok</c>, <c>pending_setup</c>, <c>disabled</c>, <c>disabled_by_profile</c> or <c>quarantined</c>.</param>
/// <param name="Reason">Why it is not run; empty for one that is.</param>
/// <param name="File">Full path of its manifest.</param>
/// <param name="Missing">What it waits for: kind, what, how many, and what its author wants asked.</param>
internal sealed record PluginRow(string Name, string Version, string Status, string Reason, string File, IReadOnlyList<(string Kind, string Detail, int Count, string Prompt)> Missing);
