using System.Collections.Immutable;

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

    /// <summary>Whether one of them would stand in a folder, or in one of its own.</summary>
    /// <param name="folder">Full path.</param>
    public bool IsFor(string folder) => Files.Any(file => file.Value is not null && file.Key.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));
}
