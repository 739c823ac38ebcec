using System.Text.Json;
using Mimir.Management.Serving;
using Mimir.Router.Model.Skills;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Skills;

/// <summary>What skills and agents look like to clients.</summary>
internal static class SkillAnswers
{
    /// <summary>What stands with every agent.</summary>
    public const string Note = "This is the text of an agent, for you to follow. The router has not executed it, and executes none.";

    private static readonly JsonElement NoArguments = Json("""{"type":"object","properties":{},"additionalProperties":false}""");
    private static readonly JsonElement SkillResult = Json(ResultSchema(""));
    private static readonly JsonElement AgentResult = Json(ResultSchema(",\"note\""));

    /// <summary>Its tool.</summary>
    public static Tool Tool(SkillModel skill) => new()
    {
        Name = skill.ToolName,
        Title = skill.Name,
        Description = skill.Description,
        InputSchema = NoArguments,
        OutputSchema = skill.Kind == SkillKind.Agent ? AgentResult : SkillResult,
        Annotations = new ToolAnnotations { ReadOnlyHint = true, IdempotentHint = true, DestructiveHint = false, OpenWorldHint = false },
    };

    /// <summary>Its prompt.</summary>
    public static Prompt Prompt(SkillModel skill) => new() { Name = skill.ToolName, Title = skill.Name, Description = skill.Description };

    /// <summary>Answers one <c>tools/call</c>.</summary>
    /// <exception cref="McpProtocolException">There is no such tool.</exception>
    public static CallToolResult Call(SkillsModel skills, CallToolRequestParams? call)
    {
        var skill = Find(skills, call?.Name, "tool");
        return ToolResults.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("name", skill.Name);
            json.WriteString("description", skill.Description);
            json.WriteString("body", skill.Body);
            json.WriteString("path", skill.Path);
            if (skill.Kind == SkillKind.Agent)
            {
                json.WriteString("note", Note);
            }

            json.WriteEndObject();
        });
    }

    /// <summary>Answers one <c>prompts/get</c>.</summary>
    /// <exception cref="McpProtocolException">There is no such prompt.</exception>
    public static GetPromptResult Get(SkillsModel skills, GetPromptRequestParams? request)
    {
        var skill = Find(skills, request?.Name, "prompt");
        return new GetPromptResult
        {
            Description = skill.Description,
            Messages = [new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = skill.Body } }],
        };
    }

    private static SkillModel Find(SkillsModel skills, string? name, string what) =>
        (name is null ? null : skills.Find(name)) ?? throw new McpProtocolException($"Unknown {what}: {name}", McpErrorCode.InvalidParams);

    private static string ResultSchema(string more) => $$"""
        {"type":"object","properties":{
        "name":{"type":"string"},
        "description":{"type":"string"},
        "body":{"type":"string","description":"The text, Markdown."},
        "path":{"type":"string","description":"Where it is in the folder of its kind."},
        "note":{"type":"string"} },
        "required":["name","description","body","path"{{more}}]}
        """;

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
