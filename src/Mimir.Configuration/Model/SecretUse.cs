namespace Mimir.Configuration.Model;

/// <summary>A secret that a server is given, or would be if it were set. Shows no value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Server">The server.</param>
/// <param name="Source">Where its value comes from.</param>
public sealed record SecretUse(string Name, string Server, SecretSource Source);
