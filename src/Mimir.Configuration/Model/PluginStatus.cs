namespace Mimir.Configuration.Model;

/// <summary>What became of a plugin.</summary>
public enum PluginStatus : byte
{
    /// <summary>It is a server like any other.</summary>
    Ok,

    /// <summary>What it cannot do without is not there yet.</summary>
    PendingSetup,

    /// <summary>Its manifest switches it off.</summary>
    Disabled,

    /// <summary>The profile does not name it.</summary>
    DisabledByProfile,

    /// <summary>Its manifest cannot be used, and is set aside.</summary>
    Quarantined,
}
