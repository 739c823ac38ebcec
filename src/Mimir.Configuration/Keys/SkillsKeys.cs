namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>skills</c>.</summary>
public static class SkillsKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("skills", "skills", [
        new("skillsDir", KeyType.Text, "The folder of the skills. A relative path starts at the folder of the configuration, ~/ at the home folder.")
        { Aliases = ["skills_dir"], Default = "\"skills\"", Min = 1, Max = 4096, Example = "\"~/skills\"" },
        new("agentsDir", KeyType.Text, "The folder of the agents.")
        { Aliases = ["agents_dir"], Default = "\"agents\"", Min = 1, Max = 4096, Example = "\"~/agents\"" },
    ]);
}
