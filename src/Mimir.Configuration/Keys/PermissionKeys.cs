using System.Collections.Immutable;

namespace Mimir.Configuration.Keys;

/// <summary>The keys that allow and deny what one server offers: of the server itself, and of one entry of <c>permissions</c> of a namespace.</summary>
public static class PermissionKeys
{
    private const int Most = 1024;
    private const string Where = "Names as the server itself has them, without prefix; patterns as in routes.";

    /// <summary>The rows that both have.</summary>
    public static ImmutableArray<KeySpec> Rows { get; } =
    [
        new("allowedTools", KeyType.TextList, $"Its tools that may be seen and called, and no others. {Where} Empty allows none.")
        { Aliases = ["includeTools", "tools", "enabled_tools"], Max = Most, Example = """["read_*"]""" },
        new("deniedTools", KeyType.TextList, $"Its tools that may not be seen and called, whatever allows them. {Where}")
        { Aliases = ["excludeTools", "disabledTools", "disabled_tools"], Max = Most, Example = """["delete_*"]""" },
        new("allowedPrompts", KeyType.TextList, $"Its prompts that may be seen and got, and no others. {Where} Empty allows none.")
        { Max = Most, Example = """["review"]""" },
        new("deniedPrompts", KeyType.TextList, $"Its prompts that may not be seen and got. {Where}")
        { Max = Most, Example = """["admin_*"]""" },
        new("allowedResources", KeyType.TextList, "Its resources and templates that may be seen and read, and no others: patterns over their uris as the server has them. Empty allows none.")
        { Max = Most, Example = """["file:///srv/public/*"]""" },
        new("deniedResources", KeyType.TextList, "Its resources and templates that may not be seen and read: patterns over their uris as the server has them. One resource may have several uris: to keep something back, allow what may be read.")
        { Max = Most, Example = """["file:///srv/secret/*"]""" },
    ];

    /// <summary>The keys of one entry of <c>permissions</c>.</summary>
    public static KeyTable Table { get; } = new("an entry of permissions", "namespaces.NAME.permissions.SERVER", [
        new("default", KeyType.Choice, "What holds for its names of which the lists here say nothing. inherit for what the namespace says. When absent: deny for a kind of which the lists here allow some, else what the namespace says.")
        { Choices = ["allow", "deny", "inherit"], Example = "\"deny\"" },
        .. Rows,
    ])
    { Definition = "permission" };
}
