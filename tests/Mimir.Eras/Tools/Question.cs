namespace Mimir.Eras.Tools;

/// <summary>One question to the client.</summary>
/// <param name="Key">Its name within the call.</param>
/// <param name="Method">The method.</param>
/// <param name="Capability">The capability that the client must have: a name, or a name and one within it.</param>
/// <param name="Params">The params, JSON; null for none.</param>
internal sealed record Question(string Key, string Method, string Capability, string? Params = null);
