using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Binding;

namespace Mimir.Embed.Tools;

/// <summary>A method that is called with the arguments of a call: its own parameters are told to clients; the call and its token are given to it.</summary>
internal sealed class BoundMethod
{
    private readonly MethodInfo _method;
    private readonly object? _owner;
    private readonly ParameterInfo[] _parameters;

    /// <summary>Of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="owner">Whose it is; null for nobody's.</param>
    /// <param name="context">The kind of calls that it gets.</param>
    /// <exception cref="ArgumentException">It wants another kind of calls.</exception>
    public BoundMethod(MethodInfo method, object? owner, Type context)
    {
        _method = method;
        _owner = owner;
        _parameters = method.GetParameters();
        if (_parameters.FirstOrDefault(p => typeof(CallContext).IsAssignableFrom(p.ParameterType) && !p.ParameterType.IsAssignableFrom(context)) is { } other)
        {
            throw new ArgumentException($"{method.DeclaringType?.Name}.{method.Name} takes a {other.ParameterType.Name}, and is called with a {context.Name}.");
        }

        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), false))
        {
            throw new ArgumentException($"{method.DeclaringType?.Name}.{method.Name} is async void: nobody would know when it has ended, nor how. Return a Task.");
        }

        Parameters =
        [
            .. _parameters.Where(static p => !IsGiven(p.ParameterType)).Select(static p =>
            {
                var rules = p.GetCustomAttribute<McpToolParamAttribute>();
                return new ToolParameter(rules?.ParamName ?? p.Name!, p.ParameterType, rules?.Description ?? "", !p.HasDefaultValue, p.HasDefaultValue ? p.DefaultValue ?? Empty(p.ParameterType) : null, rules);
            }),
        ];
    }

    /// <summary>The parameters that a call has to give.</summary>
    public IReadOnlyList<ToolParameter> Parameters { get; }

    /// <summary>Makes values of a call's arguments.</summary>
    /// <exception cref="BindingException">One is missing, or is not what it should be.</exception>
    public static object?[] Bind(IReadOnlyList<ToolParameter> parameters, CallContext context)
    {
        if (parameters.Count == 0) return [];
        var values = new object?[parameters.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var name = parameters[i].Name;
            var value = context.Arguments.TryGetValue(name, out var given) ? given
                : context.Arguments.FirstOrDefault(a => string.Equals(a.Key, name, StringComparison.OrdinalIgnoreCase)) is { Key: not null } near ? near.Value
                : (JsonElement?)null;
            values[i] = ValueReader.Read(parameters[i], value);
        }

        return values;
    }

    /// <summary>Calls it.</summary>
    /// <param name="values">What <see cref="Parameters"/> get.</param>
    /// <param name="context">The call.</param>
    /// <returns>What it returns, as it returns it.</returns>
    public object? Call(object?[] values, CallContext context)
    {
        object?[] all = _parameters.Length == 0 ? [] : new object?[_parameters.Length];
        for (int i = 0, next = 0; i < all.Length; i++)
        {
            var type = _parameters[i].ParameterType;
            all[i] = type == typeof(CancellationToken) ? context.Cancellation : typeof(CallContext).IsAssignableFrom(type) ? context : values[next++];
        }

        try
        {
            return _method.Invoke(_owner, all);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Capture(inner).Throw();
            throw;
        }
    }

    private static bool IsGiven(Type type) => type == typeof(CancellationToken) || typeof(CallContext).IsAssignableFrom(type);

    private static object? Empty(Type type) => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;
}
