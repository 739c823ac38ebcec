using System.Collections.Immutable;

namespace Mimir.Router.Model.Skills;

/// <summary>The skills and agents that clients are given.</summary>
public sealed record SkillsModel
{
    /// <summary>The name of the server that they belong to. No configured server may have it while there are any.</summary>
    public const string ServerName = "skills";

    /// <summary>Where there are none.</summary>
    public static SkillsModel None { get; } = new();

    /// <summary>All of them: skills, then agents, each in the order of their paths.</summary>
    public ImmutableArray<SkillModel> All { get; init; } = [];

    /// <summary>How many of a kind there are.</summary>
    public int Count(SkillKind kind)
    {
        var count = 0;
        foreach (var skill in All)
        {
            count += skill.Kind == kind ? 1 : 0;
        }

        return count;
    }

    /// <summary>Finds the one whose tool has a name.</summary>
    /// <returns>Null when there is none.</returns>
    public SkillModel? Find(string toolName)
    {
        foreach (var skill in All)
        {
            if (skill.ToolName == toolName)
            {
                return skill;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(SkillsModel? other) => other is not null && All.SequenceEqual(other.All);

    /// <inheritdoc/>
    public override int GetHashCode() => All.Length;
}
