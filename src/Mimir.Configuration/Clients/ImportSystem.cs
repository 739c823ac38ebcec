namespace Mimir.Configuration.Clients;

/// <summary>The operating systems between which clients keep their files in different places.</summary>
public enum ImportSystem : byte
{
    /// <summary>Linux, and every other Unix but macOS.</summary>
    Linux,

    /// <summary>macOS.</summary>
    MacOS,

    /// <summary>Windows.</summary>
    Windows,
}
