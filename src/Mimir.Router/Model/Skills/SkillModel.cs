namespace Mimir.Router.Model.Skills;

/// <summary>A skill or an agent: a text that somebody wrote for models. Mimir hands it out and does nothing of what it says.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Slug">Its name as it stands in the name of its tool: 1 to <see cref="MostSlug"/> of <c>a-z 0-9 _</c>, once among those of its kind.</param>
/// <param name="Name">Its name as it is written.</param>
/// <param name="Description">What it is for, in one line or a few.</param>
/// <param name="Body">The text, Markdown.</param>
/// <param name="Path">Where it is in the folder of its kind, with <c>/</c> between names.</param>
public sealed record SkillModel(SkillKind Kind, string Slug, string Name, string Description, string Body, string Path)
{
    /// <summary>Most characters of a slug: with what stands before it a name has 64, which every client takes.</summary>
    public const int MostSlug = 58;

    /// <summary>The name of its tool and of its prompt.</summary>
    public string ToolName => (Kind == SkillKind.Agent ? "agent_" : "skill_") + Slug;
}
