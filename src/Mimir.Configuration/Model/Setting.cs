using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Model;

/// <summary>A value as a human wrote it, and where. The default of the type is a setting that nobody wrote.</summary>
/// <remarks>Used with primitives and reference types only: code for any other struct is compiled anew at every start.</remarks>
/// <typeparam name="T">What it is once read.</typeparam>
public readonly record struct Setting<T>
{
    private readonly T? _value;

    /// <summary>A setting that was read.</summary>
    /// <param name="value">What it is.</param>
    /// <param name="source">Where it was written.</param>
    /// <param name="isSecret">See <see cref="IsSecret"/>.</param>
    public Setting(T value, ConfigNode source, bool isSecret = false)
    {
        _value = value;
        Source = source;
        HasValue = true;
        IsSecret = isSecret;
    }

    /// <summary>A setting that was written but could not be read.</summary>
    /// <param name="source">Where it was written.</param>
    public Setting(ConfigNode source)
    {
        Source = source;
        IsSecret = true;
    }

    /// <summary>Where it was written; null when nobody did.</summary>
    public ConfigNode? Source { get; }

    /// <summary>Whether somebody wrote it, rightly or not.</summary>
    public bool IsGiven => Source is not null;

    /// <summary>Whether somebody wrote it and it could be read. What could not is already reported.</summary>
    public bool HasValue { get; }

    /// <summary>Whether any of it came from the environment: then it is never shown.</summary>
    public bool IsSecret { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Value => HasValue ? _value! : throw new InvalidOperationException("The setting has no value.");

    /// <summary>The value, or what holds when there is none.</summary>
    public T Or(T fallback) => HasValue ? _value! : fallback;

    /// <summary>Whether there is a value; never the value, which may be a secret.</summary>
    public override string ToString() => HasValue ? "set" : IsGiven ? "broken" : "not set";
}
