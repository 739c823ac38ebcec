namespace Mimir.Router.Setup;

/// <summary>Something that a plugin cannot do without and that is not there.</summary>
/// <param name="Kind"><c>hosts</c> or <c>credential</c>.</param>
/// <param name="Detail">What is missing: <c>type=proxmox</c>, <c>PROXMOX_*</c>.</param>
/// <param name="Count">How many are missing: 1 or more.</param>
/// <param name="Prompt">What its author wants the operator to be asked; empty for nothing. Not to be trusted.</param>
public sealed record SetupNeed(string Kind, string Detail, int Count, string Prompt);
