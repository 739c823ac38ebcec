namespace Mimir.Identity.Vaults;

/// <summary>What sort of trouble there is with a vault.</summary>
public enum VaultTrouble : byte
{
    /// <summary>Its file or its key cannot be used as they are.</summary>
    Unreadable,

    /// <summary>It could not be saved; it is as it was, or as it was to be.</summary>
    NotSaved,

    /// <summary>Somebody else is changing it, and has been for a while.</summary>
    Busy,

    /// <summary>What it was to hold is not taken: a name, a value, or one too many.</summary>
    Refused,
}
