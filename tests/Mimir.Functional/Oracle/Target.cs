namespace Mimir.Functional.Oracle;

/// <summary>A ledger tool, as a caller names it, and the server that has to answer.</summary>
internal sealed record Target(string Tool, string Server);
