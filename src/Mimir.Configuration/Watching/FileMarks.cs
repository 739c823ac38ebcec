using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Skills;
using Mimir.Configuration.Sources;

namespace Mimir.Configuration.Watching;

/// <summary>How the files of a configuration looked at one moment: which there are, how long, and when they were written.</summary>
/// <param name="Files">Each file's full path (or a folder's, which is written when something is added to it or taken from it), length in bytes, and times of its last writing and of its making, in ticks.</param>
internal sealed record FileMarks(ImmutableArray<(string Path, long Length, long Written, long Made)> Files)
{
    /// <summary>Looks at the disk.</summary>
    /// <param name="location">Where the configuration is.</param>
    /// <param name="environment">Where variables are looked up.</param>
    /// <param name="more">Full paths of files that it depends on besides.</param>
    /// <param name="skills">Full paths of the folders of skills and agents.</param>
    public static FileMarks Take(ConfigLocation location, IEnvironment environment, ImmutableArray<string> more, ImmutableArray<string> skills)
    {
        var unsaid = new IssueList();
        var files = ConfigFiles.List(location, BackendsFiles.Named(environment), unsaid);
        return new FileMarks([.. files.All.Concat(more).Concat(skills.SelectMany(folder => SkillFolder.List(folder, unsaid))).Select(Look)]);
    }

    /// <summary>True when one of the files is being written right now.</summary>
    public bool AreBeingWritten => Files.Any(static f => OpenWriters.HasAny(f.Path));

    /// <inheritdoc/>
    public bool Equals(FileMarks? other) => other is not null && Files.SequenceEqual(other.Files);

    /// <inheritdoc/>
    public override int GetHashCode() => Files.Length;

    private static (string Path, long Length, long Written, long Made) Look(string path)
    {
        try
        {
            // What a link leads to is what is read.
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return target.Exists ? (path, target.Length, target.LastWriteTimeUtc.Ticks, target.CreationTimeUtc.Ticks)
                : new DirectoryInfo(path) is { Exists: true } folder ? (path, -2, folder.LastWriteTimeUtc.Ticks, folder.CreationTimeUtc.Ticks)
                : (path, -1, 0, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (path, -1, 0, 0);
        }
    }
}
