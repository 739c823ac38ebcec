namespace Mimir.Configuration.Keys;

/// <summary>The keys of <c>data/NAME/mcp_settings.json</c>, one instance: those of a server, and those of the file's own.</summary>
public static class InstanceKeys
{
    /// <summary>Longest command and argument, in characters.</summary>
    public const int MaxArgument = 1000;

    /// <summary>Longest value of a variable, in characters.</summary>
    public const int MaxValue = 2000;

    /// <summary>Longest name of a variable, in characters.</summary>
    public const int MaxVariable = 200;

    /// <summary>The rows of one instance.</summary>
    public static KeyTable Entry { get; } = new("an instance", "", [
        new("name", KeyType.Text, "The name of the server. That of the folder when absent.")
        { Min = 1, Max = 64, Example = "\"example_instance\"" },
        new("provider", KeyType.Text, "The folder's name.")
        { Min = 1, Max = 100, Example = "\"example\"" },
        new("metadata", KeyType.Values, "Anything. Not read.")
        { Max = 50, Example = "{}" },
        new("isActive", KeyType.Flag, "Whether it is offered at all.")
        { Aliases = ["enabled"], Default = "true", Example = "true" },
        .. ServerKeys.Table.Keys.Where(spec => spec.Name is not ("name" or "provider" or "enabled" or "command" or "args" or "env")),
        new("command", KeyType.Text, "The program to start: one program, no shell and no arguments.")
        { Min = 1, Max = MaxArgument, Example = "\"python\"" },
        new("args", KeyType.TextList, "Its arguments, each one item, passed as they are; at most 1000 characters each.")
        { Default = "[]", Max = 100, Example = """["-m", "example_mcp"]""" },
        new("env", KeyType.TextMap, "Environment variables for it; names of at most 200 characters, values of at most 2000.")
        { Default = "{}", Max = 100, Example = """{ "API_KEY": "${secret:API_KEY}" }""" },
    ])
    { Definition = "server" };

    /// <summary>The rows of the file: one instance, or several.</summary>
    public static KeyTable Table { get; } = new("a file of instances", "", [
        new("mcpServers", KeyType.Servers, "Several instances by name, instead of one.") { Example = """{ "example_instance": { "command": "python" } }""" },
        .. Entry.Keys,
    ]);

    /// <summary>All tables.</summary>
    internal static IReadOnlyList<KeyTable> All { get; } = [Table, Entry];
}
