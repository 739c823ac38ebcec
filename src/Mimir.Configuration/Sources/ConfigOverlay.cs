using System.Collections.Immutable;
using Mimir.Configuration.Issues;

namespace Mimir.Configuration.Sources;

/// <summary>Files as they would be: with them a configuration is checked before they are saved.</summary>
/// <param name="Files">The bytes by full path; null for a file that would be gone.</param>
internal sealed record ConfigOverlay(ImmutableDictionary<string, byte[]?> Files)
{
    /// <summary>The files of a folder, as they would be.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="there">Those that are there.</param>
    public IEnumerable<string> Over(string folder, IEnumerable<string> there) => there
        .Concat(Files.Keys.Where(path => Path.GetDirectoryName(path) == folder))
        .Distinct(StringComparer.Ordinal)
        .Where(path => !Files.TryGetValue(path, out var bytes) || bytes is not null);

    /// <summary>The bytes of a file, as they would be.</summary>
    /// <param name="overlay">Null for none.</param>
    /// <param name="path">Full path.</param>
    /// <param name="issues">Told what is wrong with a file that is there.</param>
    /// <returns>Null when it cannot be read.</returns>
    public static ArraySegment<byte>? Read(ConfigOverlay? overlay, string path, IssueList issues) =>
        overlay?.Files.GetValueOrDefault(path) is { } would ? would : BoundedFile.Read(path, issues);

    /// <summary>Whether one of them would stand in a folder, or in one of its own.</summary>
    /// <param name="folder">Full path.</param>
    public bool IsFor(string folder) => Files.Any(file => file.Value is not null && file.Key.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));
}
