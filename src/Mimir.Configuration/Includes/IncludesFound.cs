using System.Collections.Immutable;

namespace Mimir.Configuration.Includes;

/// <summary>The files of others whose servers are taken in.</summary>
/// <param name="Files">Full paths of those that are there, in the order in which they are read.</param>
/// <param name="Watched">Full paths of the files and folders on which it depends which those are and what they hold, there or not.</param>
internal sealed record IncludesFound(ImmutableArray<string> Files, ImmutableArray<string> Watched)
{
    /// <summary>Where nobody asks for any.</summary>
    public static IncludesFound None { get; } = new([], []);
}
