using Mimir.Embed.Binding;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Prompts;

/// <summary>What a prompt gives: messages for the model, in their order. <c>new PromptResult().User("Who goes there?").Assistant("A friend.")</c></summary>
public sealed class PromptResult
{
    private readonly List<PromptMessage> _messages = [];

    /// <summary>The messages.</summary>
    public IReadOnlyList<PromptMessage> Messages => _messages;

    /// <summary>What it is, this time; null for what the prompt says of itself.</summary>
    public string? Description { get; init; }

    /// <summary>Adds what the user says.</summary>
    public PromptResult User(string text) => User(new TextContentBlock { Text = text });

    /// <summary>Adds what the user shows: a picture, a sound, a resource.</summary>
    public PromptResult User(ContentBlock content) => With(new PromptMessage { Role = Role.User, Content = content });

    /// <summary>Adds what the model is to have said.</summary>
    public PromptResult Assistant(string text) => With(new PromptMessage { Role = Role.Assistant, Content = new TextContentBlock { Text = text } });

    /// <summary>Adds a message.</summary>
    public PromptResult With(PromptMessage message)
    {
        _messages.Add(message);
        return this;
    }

    /// <summary>What any value gives: a result is itself, messages and blocks are what they are, text is what the user says, and anything else is said as JSON.</summary>
    internal static PromptResult Of(object? value) => value switch
    {
        null => throw new InvalidOperationException("The prompt gave nothing: return its text, or a PromptResult."),
        PromptResult result => result,
        string text => new PromptResult().User(text),
        PromptMessage message => new PromptResult().With(message),
        IEnumerable<PromptMessage> messages => messages.Aggregate(new PromptResult(), static (result, message) => result.With(message)),
        ContentBlock block => new PromptResult().User(block),
        IEnumerable<ContentBlock> blocks => blocks.Aggregate(new PromptResult(), static (result, block) => result.User(block)),
        _ => new PromptResult().User(ValueWriter.Write(value)?.ToJsonString() ?? "null"),
    };

    internal GetPromptResult ToProtocol(string description) => new() { Description = Description ?? (description.Length > 0 ? description : null), Messages = [.. _messages] };
}
