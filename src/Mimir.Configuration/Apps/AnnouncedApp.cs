namespace Mimir.Configuration.Apps;

/// <summary>An app on this machine, run by the same user, that says it has an MCP server inside.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Url">Where it is reached: http on this machine; null when it listens nowhere and comes to the routers itself.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Started">When that began; null where its runtime does not say.</param>
/// <param name="NeedsToken">Whether who calls it has to show a token.</param>
public sealed record AnnouncedApp(string Name, Uri? Url, int Pid, DateTimeOffset? Started, bool NeedsToken);
