namespace Mimir.Configuration.Model;

/// <summary>Something that a plugin cannot do without and that is not there.</summary>
/// <param name="Kind"><c>hosts</c> or <c>credential</c>.</param>
/// <param name="Detail">What is missing: <c>type=proxmox</c>, <c>PROXMOX_*</c>.</param>
/// <param name="Missing">How many are missing: 1 or more.</param>
/// <param name="Prompt">What the plugin's author wants the operator to be asked; empty for nothing. Not to be trusted: it is the plugin's text.</param>
public sealed record PluginNeed(string Kind, string Detail, int Missing, string Prompt);
