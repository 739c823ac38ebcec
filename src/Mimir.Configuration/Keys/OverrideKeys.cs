namespace Mimir.Configuration.Keys;

/// <summary>The keys of one entry of <c>overrides</c> of a namespace.</summary>
public static class OverrideKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("an entry of overrides", "namespaces.NAME.overrides[]", [
        new("server", KeyType.Text, "The server that has the tool, or its cluster.")
        { Min = 1, Max = 64, Example = "\"files\"" },
        new("tool", KeyType.Text, "The tool, by the name that its server gives it.")
        { Min = 1, Max = 4096, Example = "\"read_file\"" },
        new("name", KeyType.Text, "The whole name that clients see and call instead, without any prefix: 1 to 64 letters, digits and underscores, a letter first.")
        { Min = 1, Max = 64, Pattern = "^[A-Za-z][A-Za-z0-9_]{0,63}$", Example = "\"read_note\"" },
        new("description", KeyType.Text, "What clients are told of it instead.")
        { Min = 0, Max = 16384, Example = "\"Reads one note\"" },
        new("arguments", KeyType.Values, "Arguments that clients neither see nor may give, and the value that the server gets of each. In texts ${NAME} stands for a variable.")
        { Max = 100, Example = """{ "folder": "/srv/notes" }""" },
    ])
    { Definition = "override" };
}
