using System.Collections.Immutable;
using Mimir.Router.Model.Skills;

namespace Mimir.Configuration.Model;

/// <summary>The skills and agents of a configuration.</summary>
/// <param name="Model">Those that clients are given.</param>
/// <param name="Folders">Full paths of the folders that were looked through, there or not: what a watcher looks at.</param>
/// <param name="Files">Full paths of their files, those that are set aside too.</param>
public sealed record SkillsFound(SkillsModel Model, ImmutableArray<string> Folders, ImmutableArray<string> Files)
{
    /// <summary>Where nothing was looked for.</summary>
    public static SkillsFound None { get; } = new(SkillsModel.None, [], []);
}
