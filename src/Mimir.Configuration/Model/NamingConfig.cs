namespace Mimir.Configuration.Model;

/// <summary><c>naming</c> as a human wrote it.</summary>
public sealed record NamingConfig
{
    /// <summary><c>separator</c>.</summary>
    public Setting<string> Separator { get; init; }

    /// <summary><c>prefix</c>: <c>always</c>, <c>onCollision</c> or <c>never</c>.</summary>
    public Setting<string> Prefix { get; init; }

    /// <summary><c>labelDescriptions</c>.</summary>
    public Setting<bool> LabelDescriptions { get; init; }
}
