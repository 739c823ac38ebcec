namespace Mimir.Configuration.Issues;

/// <summary>What an issue means for the configuration.</summary>
public enum IssueSeverity : byte
{
    /// <summary>It is used all the same; something in it has no effect or is likely a mistake.</summary>
    Warning,

    /// <summary>It is not used.</summary>
    Error,
}
