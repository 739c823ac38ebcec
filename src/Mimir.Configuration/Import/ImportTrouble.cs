namespace Mimir.Configuration.Import;

/// <summary>What keeps an import from going on.</summary>
public enum ImportTrouble : byte
{
    /// <summary>What was asked for is not there or cannot be.</summary>
    Asked,

    /// <summary>Another import is under way.</summary>
    Busy,

    /// <summary>The disk did not do it.</summary>
    Disk,
}
