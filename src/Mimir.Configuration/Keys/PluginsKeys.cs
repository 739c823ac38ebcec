namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>plugins</c> in <c>mimir.json</c>.</summary>
public static class PluginsKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("plugins", "plugins", [
        new("profile", KeyType.Text, "Which file of profiles/ says what plugins are run: profiles/NAME.yaml. That of default may be missing.")
        { Default = "\"default\"", Min = 1, Max = 64, Pattern = "^[A-Za-z0-9_-]{1,64}$", Example = "\"default\"" },
        new("strictManifest", KeyType.Flag, "Whether a plugin.toml without [security] is set aside.")
        { Aliases = ["strict_manifest"], Default = "true", Example = "true" },
        new("unconfined", KeyType.TextList, "Plugins, by name or pattern, that may run although they ask to be confined: Mimir confines nobody yet.")
        { Default = "[]", Max = 256, Example = """["files"]""" },
    ]);
}
