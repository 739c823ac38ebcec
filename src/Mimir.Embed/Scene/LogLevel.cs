namespace Mimir.Embed.Scene;

/// <summary>How bad it is.</summary>
public enum LogLevel
{
    /// <summary>To know.</summary>
    Info,

    /// <summary>To look at.</summary>
    Warning,

    /// <summary>Something failed.</summary>
    Error,
}
