namespace Mimir.Configuration.Plugins;

/// <summary>What a plugin may be called.</summary>
public static class PluginNames
{
    private const int Most = 64;

    // What Mimir itself puts before names, and the names of its own servers.
    private static readonly string[] Reserved = ["agent", "inventory", "mcp", "mcpmu", "memory", "mimir", "router", "setup", "skill", "skills"];

    /// <summary>Whether Mimir keeps a name for itself.</summary>
    public static bool IsReserved(string name) => Array.IndexOf(Reserved, name) >= 0;

    /// <summary>What is wrong with a name, and what to do: goes on a sentence that begins with the name. Null when nothing is.</summary>
    public static string? Fault(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > Most || !char.IsAsciiLetterLower(name[0]) || !name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-'))
        {
            return $"is no name of a plugin. Write a small letter, then at most {Most - 1} small letters, digits, underscores and hyphens.";
        }

        return IsReserved(name) ? "is a name that Mimir keeps for itself. Give the plugin another name." : null;
    }
}
