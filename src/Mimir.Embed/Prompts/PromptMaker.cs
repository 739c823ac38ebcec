using System.Reflection;
using Mimir.Embed.Attributes;
using Mimir.Embed.Binding;
using Mimir.Embed.Tools;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Prompts;

/// <summary>Makes prompts of methods and delegates.</summary>
internal static class PromptMaker
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
    private static readonly string[] s_flags = ["true", "false"];

    /// <summary>Of all marked methods of an object.</summary>
    /// <exception cref="ArgumentException">It has none, or one of them cannot be a prompt.</exception>
    public static IReadOnlyList<PromptDefinition> OfMethods(object owner)
    {
        var methods = owner.GetType().GetMethods(Own).Where(static m => m.GetCustomAttribute<McpPromptAttribute>() is not null).OrderBy(static m => m.MetadataToken).ToList();
        if (methods.Count == 0) throw new ArgumentException($"{owner.GetType().Name} has no method marked with [McpPrompt].");
        return [.. methods.Select(m => OfMethod(m.GetCustomAttribute<McpPromptAttribute>()!, m, m.IsStatic ? null : owner))];
    }

    /// <summary>Of a method.</summary>
    /// <exception cref="ArgumentException">A parameter of it cannot be written as a text.</exception>
    public static PromptDefinition OfMethod(McpPromptAttribute mark, MethodInfo method, object? owner)
    {
        var bound = new BoundMethod(method, owner, typeof(PromptContext));
        var name = ToolNames.Check(mark.PromptName ?? ToolNames.OfMethod(method.Name), "prompt");
        if (bound.Parameters.FirstOrDefault(static p => TypeShape.Of(p.Type).Kind is ShapeKind.Any or ShapeKind.List or ShapeKind.Map or ShapeKind.Record) is { } rich)
        {
            throw new ArgumentException($"The argument {rich.Name} of the prompt {name} is a {rich.Type.Name}: users write texts, so take a string, a number, a boolean or an enum.");
        }

        var arguments = bound.Parameters.Select(static p => new PromptArgument { Name = p.Name, Description = p.Description.Length > 0 ? p.Description : null, Required = p.IsRequired ? true : null });
        return new PromptDefinition(name, mark.Description, [.. arguments], context => Returned.AwaitAsync(bound.Call(BoundMethod.Bind(bound.Parameters, context), context), PromptResult.Of))
        {
            Title = mark.Title,
            RunOn = mark.RunOn,
            Timeout = mark.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(mark.TimeoutSeconds) : null,
            Choices = bound.Parameters.ToDictionary(static p => p.Name, ChoicesOf, StringComparer.Ordinal),
        };
    }

    private static IReadOnlyList<string> ChoicesOf(ToolParameter parameter)
    {
        if (parameter.Rules is { Choices: { Length: > 0 } choices }) return choices;
        var shape = TypeShape.Of(parameter.Type);
        return shape.Kind switch
        {
            ShapeKind.Enum => Enum.GetNames(shape.Type),
            ShapeKind.Flag => s_flags,
            _ => [],
        };
    }
}
