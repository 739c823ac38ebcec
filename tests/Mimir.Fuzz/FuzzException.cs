using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mimir.Fuzz;

/// <summary>The code under test and its oracle disagree.</summary>
/// <param name="message">In what.</param>
public sealed class FuzzException(string message) : Exception(message)
{
    /// <summary>Fails unless the condition holds.</summary>
    public static void Unless([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
        {
            throw new FuzzException(message);
        }
    }

    /// <summary>Fails unless the condition holds.</summary>
    public static void Unless([DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref FailureMessage message)
    {
        if (!condition)
        {
            throw new FuzzException(message.ToStringAndClear());
        }
    }
}
