namespace Mimir.Router.Model.Skills;

/// <summary>What a text is for.</summary>
public enum SkillKind : byte
{
    /// <summary>How to do something.</summary>
    Skill,

    /// <summary>Whom a model is to be while it does something.</summary>
    Agent,
}
