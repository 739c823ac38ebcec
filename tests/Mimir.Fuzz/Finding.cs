namespace Mimir.Fuzz;

/// <summary>An input that failed, as small as it could be made.</summary>
/// <param name="Input">The bytes.</param>
/// <param name="Error">What went wrong.</param>
public sealed record Finding(byte[] Input, Exception Error);
