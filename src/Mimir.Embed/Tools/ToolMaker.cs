using System.Reflection;
using Mimir.Embed.Attributes;
using Mimir.Embed.Binding;

namespace Mimir.Embed.Tools;

/// <summary>Makes tools of classes, methods and delegates.</summary>
internal static class ToolMaker
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    /// <summary>Of an object that is a tool.</summary>
    /// <exception cref="ArgumentException">Its class is not marked, or a parameter of it cannot be set.</exception>
    public static ToolDefinition Of(McpToolBase tool)
    {
        var type = tool.GetType();
        var mark = type.GetCustomAttribute<McpToolAttribute>() ?? throw new ArgumentException($"{type.Name} is not marked with [McpTool].");
        var members = new List<(ToolParameter Parameter, MemberInfo Member)>();
        foreach (var member in Members(type))
        {
            var rules = member.GetCustomAttribute<McpToolParamAttribute>()!;
            if (member is PropertyInfo { CanWrite: false }) throw new ArgumentException($"{type.Name}.{member.Name} is marked with [McpToolParam] and cannot be set.");
            var (memberType, value) = member is PropertyInfo property ? (property.PropertyType, property.CanRead ? property.GetValue(tool) : null) : (((FieldInfo)member).FieldType, ((FieldInfo)member).GetValue(tool));
            members.Add((new ToolParameter(rules.ParamName ?? TypeShape.Written(member.Name), memberType, rules.Description, rules.IsRequired, value, rules), member));
        }

        return Define(mark, mark.ToolName ?? ToolNames.OfMethod(type.Name), [.. members.Select(static m => m.Parameter)], (values, context) =>
        {
            var copy = tool.Copy();
            for (var i = 0; i < members.Count; i++)
            {
                if (members[i].Member is PropertyInfo property) property.SetValue(copy, values[i]);
                else ((FieldInfo)members[i].Member).SetValue(copy, values[i]);
            }

            return copy.RunAsync(context);
        });
    }

    /// <summary>Of all marked methods of an object.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static IEnumerable<ToolDefinition> OfMethods(object owner)
    {
        var methods = owner.GetType().GetMethods(Own | BindingFlags.Static).Where(static m => m.GetCustomAttribute<McpToolAttribute>() is not null).OrderBy(static m => m.MetadataToken).ToList();
        if (methods.Count == 0) throw new ArgumentException($"{owner.GetType().Name} has no method marked with [McpTool].");
        return methods.Select(m => OfMethod(m.GetCustomAttribute<McpToolAttribute>()!, m, m.IsStatic ? null : owner));
    }

    /// <summary>Of a method.</summary>
    public static ToolDefinition OfMethod(McpToolAttribute mark, MethodInfo method, object? owner)
    {
        var bound = new BoundMethod(method, owner, typeof(ToolContext));
        return Define(mark, mark.ToolName ?? ToolNames.OfMethod(method.Name), bound.Parameters, (values, context) => Returned.AwaitAsync(bound.Call(values, context), ToolResult.Of));
    }

    private static ToolDefinition Define(McpToolAttribute mark, string name, IReadOnlyList<ToolParameter> parameters, Func<object?[], ToolContext, ValueTask<ToolResult>> run)
    {
        if (parameters.GroupBy(static p => p.Name, StringComparer.Ordinal).FirstOrDefault(static g => g.Skip(1).Any()) is { } twice) throw new ArgumentException($"The tool {name} has two parameters {twice.Key}.");
        return new ToolDefinition(ToolNames.Check(name), mark.Description, SchemaWriter.Write(parameters), context => run(BoundMethod.Bind(parameters, context), context))
        {
            Title = mark.Title,
            RunOn = mark.RunOn,
            IsReadOnly = mark.IsReadOnly,
            IsDestructive = mark.IsDestructive && !mark.IsReadOnly,
            IsIdempotent = mark.IsIdempotent,
            IsOpenWorld = mark.IsOpenWorld,
            Timeout = mark.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(mark.TimeoutSeconds) : null,
        };
    }

    /// <summary>Marked members, those of base classes first, in the order in which they are written.</summary>
    private static IEnumerable<MemberInfo> Members(Type type)
    {
        var chain = new Stack<Type>();
        for (var t = type; t is not null && t != typeof(McpToolBase); t = t.BaseType) chain.Push(t);
        return chain.SelectMany(static t => t.GetMembers(Own | BindingFlags.DeclaredOnly).Where(static m => m is FieldInfo or PropertyInfo && m.GetCustomAttribute<McpToolParamAttribute>() is not null).OrderBy(static m => m.MetadataToken));
    }
}
