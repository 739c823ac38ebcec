namespace Mimir.Identity.Vaults;

/// <summary>What the beginning of a file tells of it.</summary>
internal enum SealVerdict : byte
{
    /// <summary>It was sealed with this key, if it is whole.</summary>
    Good,

    /// <summary>It is no vault, or what is left of one.</summary>
    Damaged,

    /// <summary>A newer Mimir wrote it.</summary>
    Newer,

    /// <summary>It was sealed with another key.</summary>
    OtherKey,
}
