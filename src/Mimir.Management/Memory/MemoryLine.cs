namespace Mimir.Management.Memory;

/// <summary>One line of the file.</summary>
/// <param name="Bytes">As it stands there, without its end.</param>
/// <param name="Entry">What it holds; null for one that is damaged, which is kept as it is.</param>
internal sealed record MemoryLine(ReadOnlyMemory<byte> Bytes, MemoryEntry? Entry);
