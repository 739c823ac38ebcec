using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Model;

/// <summary>What is allowed and denied of one server, as a human wrote it.</summary>
public sealed record PermissionConfig
{
    /// <summary>The entry of a namespace's <c>permissions</c>; null for what the server's own entry says.</summary>
    public ConfigMember? Source { get; init; }

    /// <summary><c>default</c>: <c>allow</c>, <c>deny</c> or <c>inherit</c>.</summary>
    public Setting<string> Default { get; init; }

    /// <summary><c>allowedTools</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> AllowedTools { get; init; }

    /// <summary><c>deniedTools</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> DeniedTools { get; init; }

    /// <summary><c>allowedPrompts</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> AllowedPrompts { get; init; }

    /// <summary><c>deniedPrompts</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> DeniedPrompts { get; init; }

    /// <summary><c>allowedResources</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> AllowedResources { get; init; }

    /// <summary><c>deniedResources</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> DeniedResources { get; init; }

    /// <summary>All lists of patterns.</summary>
    public IEnumerable<Setting<IReadOnlyList<TextEntry>>> Lists => [AllowedTools, DeniedTools, AllowedPrompts, DeniedPrompts, AllowedResources, DeniedResources];
}
