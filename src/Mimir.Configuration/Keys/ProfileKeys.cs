namespace Mimir.Configuration.Keys;

/// <summary>The keys of the files in <c>profiles/</c>.</summary>
public static class ProfileKeys
{
    private const string ForPeople = "Remove it: Mimir shows nothing of it";

    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("a profile", "", [
        new("enabled_plugins", KeyType.TextList, "The plugins that are run, by name. Without it all of them; with an empty list none.")
        { Aliases = ["enabledPlugins"], Max = 1000, Example = """["echo"]""" },
        new("name", KeyType.Text, "") { Use = KeyUse.Ignored, Instead = "Remove it: the name of the file is the name" },
        new("description", KeyType.Text, "") { Use = KeyUse.Ignored, Instead = ForPeople },
    ]);

    /// <summary>All tables.</summary>
    internal static IReadOnlyList<KeyTable> All { get; } = [Table];
}
