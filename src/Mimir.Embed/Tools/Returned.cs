using System.Reflection;

namespace Mimir.Embed.Tools;

/// <summary>What methods return, awaited where it has to be.</summary>
internal static class Returned
{
    /// <summary>Awaits a task and takes its value.</summary>
    /// <param name="value">What a method returned.</param>
    /// <param name="of">Makes an answer of a value; null is nothing.</param>
    public static async ValueTask<T> AwaitAsync<T>(object? value, Func<object?, T> of)
    {
        switch (value)
        {
            case ValueTask<T> own:
                return await own;
            case ValueTask plain:
                await plain;
                return of(null);
            case Task task:
                await task;
                return of(ValueOf(task));
        }

        // A ValueTask of something else has no type to ask for but its own.
        if (value?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            var task = (Task)type.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(value, null)!;
            await task;
            return of(ValueOf(task));
        }

        return of(value);
    }

    private static object? ValueOf(Task task)
    {
        for (var type = task.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            {
                var value = type.GetProperty("Result", BindingFlags.Public | BindingFlags.Instance)!.GetValue(task);

                // An async method without a value is a task of a type of the runtime's own.
                return value?.GetType().FullName == "System.Threading.Tasks.VoidTaskResult" ? null : value;
            }
        }

        return null;
    }
}
