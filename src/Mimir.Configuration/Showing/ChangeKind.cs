namespace Mimir.Configuration.Showing;

/// <summary>What becomes of something that two configurations do not share.</summary>
public enum ChangeKind : byte
{
    /// <summary>Both have it, and it differs.</summary>
    Changed,

    /// <summary>Only the other has it.</summary>
    Added,

    /// <summary>Only the one of now has it.</summary>
    Removed,
}
