using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Demo;

/// <summary>The one prompt of the demo server.</summary>
internal static class DemoPrompts
{
    public const string IntroduceName = "introduce";
    public const string LanguageArgument = "language";

    public static Prompt Introduce { get; } = new()
    {
        Name = IntroduceName,
        Title = "Introduce MCP",
        Description = "Asks the model to explain the Model Context Protocol in a language of your choice.",
        Arguments =
        [
            new PromptArgument
            {
                Name = LanguageArgument, Title = "Language", Description = "The language of the answer. Can be completed.", Required = true,
            },
        ],
    };

    /// <summary>Fills the prompt in.</summary>
    /// <exception cref="McpProtocolException">There is no such prompt, or its argument is missing.</exception>
    public static GetPromptResult Get(GetPromptRequestParams? request)
    {
        if (request?.Name != IntroduceName)
        {
            throw new McpProtocolException($"Unknown prompt: {request?.Name}", McpErrorCode.InvalidParams);
        }

        if (request.Arguments is not { } arguments || !arguments.TryGetValue(LanguageArgument, out var language)
            || language.ValueKind != JsonValueKind.String || language.GetString() is not { Length: > 0 } name)
        {
            throw new McpProtocolException($"'{LanguageArgument}' is required and must be a string", McpErrorCode.InvalidParams);
        }

        return new GetPromptResult
        {
            Description = Introduce.Description,
            Messages =
            [
                new PromptMessage
                {
                    Role = Role.User,
                    Content = new TextContentBlock
                    {
                        Text = $"Explain in three sentences, in {name}, what the Model Context Protocol is and what a router does for it.",
                    },
                },
            ],
        };
    }
}
