namespace Mimir.Configuration.Tree;

/// <summary>What a node of the neutral tree is. Every format is reduced to these six.</summary>
public enum ConfigKind : byte
{
    /// <summary>Named members in written order.</summary>
    Object,

    /// <summary>Items in written order.</summary>
    Array,

    /// <summary>Text.</summary>
    String,

    /// <summary>A number, kept as it was written.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Explicitly nothing.</summary>
    Null,
}
