namespace Mimir.Configuration.Import;

/// <summary>One file in the record of an import.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Before">What it held; null when it was not there.</param>
/// <param name="Mode">Its mode then, as Unix has it.</param>
/// <param name="After">The SHA-256 of what was written.</param>
internal sealed record ImportedFile(string Path, byte[]? Before, int Mode, byte[] After);
