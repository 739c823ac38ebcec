namespace Mimir.Cli.Hosting;

/// <summary>One secret as people are shown it: never its value, nor anything made of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SetAt">When it was put into the vault, UTC; null when it is not there.</param>
/// <param name="Source">Where servers get it from: <c>environment</c>, <c>vault</c> or <c>.env</c>; null when it is not set.</param>
/// <param name="Servers">The servers that get it, or would.</param>
internal sealed record SecretRow(string Name, DateTimeOffset? SetAt, string? Source, IReadOnlyList<string> Servers);
