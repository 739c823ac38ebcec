namespace Mimir.Management.Setup;

/// <summary>What a tool does to the world.</summary>
internal enum SetupEffect : byte
{
    /// <summary>Nothing.</summary>
    Reads,

    /// <summary>Adds to what is there.</summary>
    Adds,

    /// <summary>Takes something away, or switches it off.</summary>
    Removes,
}
