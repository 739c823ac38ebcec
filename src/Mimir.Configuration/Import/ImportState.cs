namespace Mimir.Configuration.Import;

/// <summary>How a client's server stands to the configuration.</summary>
public enum ImportState : byte
{
    /// <summary>No server of this name is there.</summary>
    New,

    /// <summary>It is there as it would be imported.</summary>
    Same,

    /// <summary>Another one of this name is there, in a file of its own.</summary>
    Different,

    /// <summary>It cannot be imported.</summary>
    Refused,
}
