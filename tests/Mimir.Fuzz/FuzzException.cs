namespace Mimir.Fuzz;

/// <summary>The code under test and its oracle disagree.</summary>
public sealed class FuzzException(string message) : Exception(message)
{
    /// <summary>Fails unless the condition holds.</summary>
    public static void Unless(bool condition, string message)
    {
        if (!condition)
        {
            throw new FuzzException(message);
        }
    }
}
