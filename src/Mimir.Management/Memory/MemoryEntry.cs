using System.Collections.Immutable;

namespace Mimir.Management.Memory;

/// <summary>One text that is kept.</summary>
/// <param name="Id">What it is found by: 12 characters of <c>0-9 a-f</c>, never used again.</param>
/// <param name="Content">The text.</param>
/// <param name="Tags">Words to find it by.</param>
/// <param name="Created">When it was saved.</param>
/// <param name="Updated">When it was last changed; when it was saved, if never.</param>
internal sealed record MemoryEntry(string Id, string Content, ImmutableArray<string> Tags, DateTimeOffset Created, DateTimeOffset Updated);
