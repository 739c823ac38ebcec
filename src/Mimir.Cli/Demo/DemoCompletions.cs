using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Demo;

/// <summary>Completes the name of a greeting and the language of the prompt.</summary>
internal static class DemoCompletions
{
    private static readonly string[] Names = ["Ada", "Alan", "Barbara", "Donald", "Edsger", "Grace", "Leslie", "Margaret", "Niklaus", "Tony"];

    private static readonly string[] Languages =
        ["Danish", "Dutch", "English", "Finnish", "French", "German", "Greek", "Icelandic", "Italian", "Japanese", "Norwegian", "Spanish", "Swedish"];

    /// <summary>Answers one <c>completion/complete</c>; an argument that has no known values completes to nothing.</summary>
    /// <exception cref="McpProtocolException">The reference names no prompt or template of this server.</exception>
    public static CompleteResult Complete(CompleteRequestParams? request)
    {
        var known = request?.Ref switch
        {
            ResourceTemplateReference { Uri: DemoResources.GreetingTemplate } => request.Argument.Name == "name" ? Names : [],
            PromptReference { Name: DemoPrompts.IntroduceName } => request.Argument.Name == DemoPrompts.LanguageArgument ? Languages : [],
            _ => throw new McpProtocolException("ref names no prompt or resource template of this server", McpErrorCode.InvalidParams),
        };
        var typed = request.Argument.Value;
        string[] values = [.. known.Where(v => v.StartsWith(typed, StringComparison.OrdinalIgnoreCase))];
        return new CompleteResult { Completion = new Completion { Values = values, Total = values.Length, HasMore = false } };
    }
}
