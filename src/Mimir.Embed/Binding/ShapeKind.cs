namespace Mimir.Embed.Binding;

/// <summary>What a type looks like in JSON.</summary>
internal enum ShapeKind
{
    /// <summary>Anything.</summary>
    Any,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A boolean.</summary>
    Flag,

    /// <summary>A number without a fraction.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>One of some words.</summary>
    Enum,

    /// <summary>An array.</summary>
    List,

    /// <summary>An object with any names.</summary>
    Map,

    /// <summary>An object with names of its own.</summary>
    Record,
}
