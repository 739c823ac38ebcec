using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Catalog;

/// <summary>What differs between the four lists.</summary>
public static class ListKinds
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    /// <summary>All of them.</summary>
    public static readonly ListKind[] All = [ListKind.Tools, ListKind.Prompts, ListKind.Resources, ListKind.Templates];

    /// <summary>The method that lists them.</summary>
    public static McpMethod Method(this ListKind kind) => kind switch
    {
        ListKind.Tools => McpMethod.ToolsList,
        ListKind.Prompts => McpMethod.PromptsList,
        ListKind.Resources => McpMethod.ResourcesList,
        _ => McpMethod.ResourceTemplatesList,
    };

    /// <summary>The member of the result that holds the entries.</summary>
    public static string Member(this ListKind kind) => kind switch
    {
        ListKind.Tools => "tools",
        ListKind.Prompts => "prompts",
        ListKind.Resources => "resources",
        _ => "resourceTemplates",
    };

    /// <summary>The member of an entry that names it.</summary>
    public static string KeyMember(this ListKind kind) => kind switch
    {
        ListKind.Resources => "uri",
        ListKind.Templates => "uriTemplate",
        _ => "name",
    };

    /// <summary>The server capability that announces the list.</summary>
    public static string Capability(this ListKind kind) => kind switch
    {
        ListKind.Tools => "tools",
        ListKind.Prompts => "prompts",
        _ => "resources",
    };

    /// <summary>The notification that a list changed.</summary>
    public static McpMethod Changed(this ListKind kind) => kind switch
    {
        ListKind.Tools => McpMethod.ToolsListChanged,
        ListKind.Prompts => McpMethod.PromptsListChanged,
        _ => McpMethod.ResourcesListChanged,
    };
}
