namespace Mimir.Embed.Tools;

/// <summary>How bad what a client's log says is, from the least on.</summary>
public enum LogSeverity
{
    /// <summary>For who looks for a fault.</summary>
    Debug,

    /// <summary>To know.</summary>
    Info,

    /// <summary>Not usual, and no harm.</summary>
    Notice,

    /// <summary>To look at.</summary>
    Warning,

    /// <summary>Something failed.</summary>
    Error,

    /// <summary>A part of the app does not work.</summary>
    Critical,

    /// <summary>Somebody has to act now.</summary>
    Alert,

    /// <summary>The app cannot be used.</summary>
    Emergency,
}
