using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Plugins;

/// <summary>A secret that a plugin cannot do without.</summary>
/// <param name="Pattern">Its name, or a pattern that one must match.</param>
/// <param name="Prompt">What to ask the operator for.</param>
/// <param name="Source">Where it was written.</param>
internal sealed record CredentialNeed(string Pattern, string Prompt, ConfigNode Source);
