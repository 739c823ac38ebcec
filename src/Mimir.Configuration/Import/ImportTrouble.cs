namespace Mimir.Configuration.Import;

/// <summary>What keeps an import from going on.</summary>
public enum ImportTrouble : byte
{
    /// <summary>What was asked for is not there or cannot be.</summary>
    Asked,

    /// <summary>Another process is changing the configuration, or has changed it since it was looked at.</summary>
    Busy,

    /// <summary>The disk did not do it.</summary>
    Disk,
}
